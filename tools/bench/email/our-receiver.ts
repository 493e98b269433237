import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busSchema, openBus } from '@yixian/bus';
import type { OpenedBus } from '@yixian/bus';
import { channelSchema, hostChannel } from '@yixian/channel';
import type { HostedChannel } from '@yixian/channel';
import { newId, systemClock, timestamp, topics } from '@yixian/contracts';
import type { AccountId } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { TestServer } from '@yixian/database/testing';
import { EMAIL, EmailChannel } from '@yixian/email-adapter';
import { openMediaStore } from '@yixian/media';
import pino from 'pino';
import { EmailSettings } from '../../../apps/email-adapter/src/settings.ts';

const noNames = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));

/** The e-mail adapter as it runs: its receiver, its host, the log in PostgreSQL, attachments in a folder. */
export class OurReceiver {
  private constructor(
    private readonly channel: EmailChannel,
    private readonly hosted: HostedChannel,
    private readonly bus: OpenedBus,
    private readonly database: Database,
    private readonly folder: string,
  ) {}

  static async open(server: TestServer): Promise<OurReceiver> {
    const log = pino({ level: 'warn' }, pino.destination(2));
    const database = await server.database({ parts: [busSchema, channelSchema] });
    const bus = await openBus({
      database,
      clock: systemClock,
      log,
      source: '/yixian/bench',
      topics: Object.values(topics),
      onCrash: (error) => {
        throw error;
      },
    });
    const folder = await mkdtemp(join(tmpdir(), 'yixian-bench-mail-'));
    const channel = new EmailChannel({
      settings: EmailSettings.parse({ MAIL_IN_PORT: 0 }),
      tokenSecret: Buffer.alloc(32),
      oauthSecret: Buffer.alloc(32),
      outboxKey: 'bench',
      resolver: noNames,
    });
    await bus.publish([{ topic: topics.accounts, key: 'support', data: mailbox() }]);
    const media = await openMediaStore({ folder });
    const secret = { key: () => Buffer.alloc(32) };
    const hosted = await hostChannel(channel, { bus, database, media, clock: systemClock, log, secret });
    return new OurReceiver(channel, hosted, bus, database, folder);
  }

  get port(): number {
    return this.channel.port!;
  }

  /** How many different mails are on the bus. */
  async stored(): Promise<number> {
    const [row] = await this.database.query<{ count: string }>(
      `select count(distinct value::json->>'id') as count from bus.log where topic = $1`,
      [topics.inbound.name],
    );
    return Number(row!.count);
  }

  async close(): Promise<void> {
    await this.hosted.stop();
    await this.bus.close();
    await this.database.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function mailbox() {
  return {
    kind: 'account.changed' as const,
    id: newId<string>(),
    account: 'support' as AccountId,
    channel: EMAIL,
    name: 'Support',
    settings: { address: 'support@shop.example' },
    enabled: true,
    removed: false,
    version: 1,
    at: timestamp(systemClock),
  };
}
