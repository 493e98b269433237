import { busSchema, PostgresBus } from '@yixian/bus';
import { InboundEvent, outboundTopic, systemClock, topics } from '@yixian/contracts';
import type { ChannelName } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { TestServer } from '@yixian/database/testing';
import pino from 'pino';
import { hubSchema } from '../../../apps/conversation-hub/src/hub-schema.ts';
import { Intake } from '../../../apps/conversation-hub/src/intake/intake.ts';
import type { Contender } from './contender.ts';

/**
 * The hub's intake as the bus calls it: JSON parsed and checked, one statement per batch. That stores entries, keeps
 * conversations, appends an event per message to the log, and moves the cursor.
 */
export class OurIntake implements Contender {
  readonly name = 'hub';
  readonly amount = 12_000;
  private from: number | null = null;

  private constructor(
    private readonly database: Database,
    private readonly bus: PostgresBus,
    private readonly intake: Intake,
  ) {}

  static async open(server: TestServer): Promise<OurIntake> {
    const database = await server.database({ parts: [busSchema, hubSchema] });
    const bus = await PostgresBus.open({
      database,
      clock: systemClock,
      log: pino({ level: 'silent' }),
      source: '/yixian/bench',
      topics: [...Object.values(topics), outboundTopic('chat' as ChannelName)],
    });
    return new OurIntake(database, bus, new Intake(bus, systemClock));
  }

  async take(batch: string[]): Promise<void> {
    const first = this.from ?? 0;
    const events = batch.map((text, index) => {
      const data = InboundEvent.parse(JSON.parse(text));
      return { offset: first + index, key: '', headers: {}, data };
    });
    const at = { topic: topics.inbound.name, partition: 0 };
    const to = first + batch.length;
    await this.intake.take({ ...at, events, cursor: { ...at, group: 'hub', from: this.from, to } });
    this.from = to;
  }

  async close(): Promise<void> {
    await this.bus.close();
    await this.database.close();
  }
}
