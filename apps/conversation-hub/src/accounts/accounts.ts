import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Bus } from '@yixian/bus';
import { newId, timestamp, topics } from '@yixian/contracts';
import type {
  Account,
  AccountFace,
  AccountChanged,
  AccountCheckAsked,
  AccountId,
  ChannelAnnounced,
  ChannelName,
  CheckAccount,
  Clock,
  CreateAccount,
  PatchAccount,
  Payload,
} from '@yixian/contracts';
import {
  CannotOpen,
  keepSecrets,
  maskSettings,
  openSettings,
  sealSettings,
  settingsForAgents,
} from '@yixian/contracts/node';
import type { Database, Transaction } from '@yixian/database';
import { BUS, CLOCK, DATABASE, LOGGER, Refused, SECRET } from '@yixian/service';
import type { MasterSecret } from '@yixian/service';
import type { Logger } from 'pino';
import { IsNull } from 'typeorm';
import { theHub } from '../agents/first-admin.ts';
import { Audit } from '../audit/audit.ts';
import type { Actor } from '../conversations/actor.ts';
import { accountIdFrom } from './account-id.ts';
import { AccountRow, toAccount } from './account.entity.ts';
import { ChannelDirectory } from './channel-directory.ts';
import { faultsOf } from './check-settings.ts';

type ToCheck = Pick<AccountCheckAsked, 'channel' | 'account' | 'name' | 'settings'>;

/** How long {@link Accounts.ensureAccount} waits for a channel that is just starting. */
const ANNOUNCEMENT_MS = 30_000;

/**
 * The endpoints of the channels. What is in their settings only the channels know: the hub checks it by the schema
 * that a channel announced, seals what that schema calls secret, and tells the channel of every change.
 */
@Injectable()
export class Accounts implements OnApplicationBootstrap {
  private readonly key: Buffer;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET) secret: MasterSecret,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly channels: ChannelDirectory,
    private readonly audit: Audit,
  ) {
    this.key = secret.key('account-settings');
  }

  /**
   * Tells the channels every account again, since the bus may be another one than last time. Under a lock of the rows,
   * so that a change made meanwhile is told after this.
   */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.database.transaction(async (tx) => {
        const rows = await tx.manager.find(AccountRow, {
          order: { id: 'ASC' },
          lock: { mode: 'pessimistic_read' },
        });
        await this.publish(tx, rows);
      });
    } catch (error) {
      this.log.warn({ err: error }, 'The channels were not told their accounts again.');
    }
  }

  /** Those that were not removed, oldest first. */
  async list(): Promise<Account[]> {
    const rows = await this.rows.find({
      where: { removedAt: IsNull() },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    return rows.map((row) => this.shown(row));
  }

  /** What agents may know of those that serve, or ever served: conversations name them all. */
  async faces(): Promise<AccountFace[]> {
    const rows = await this.rows.find({ order: { createdAt: 'ASC', id: 'ASC' } });
    return rows.map((row) => {
      const schema = this.channels.find(row.channel)?.settings;
      const { id, channel, name } = row;
      return { id, channel, name, shown: schema ? settingsForAgents(schema, row.settings) : {} };
    });
  }

  /** Throws `invalid` for settings that the channel does not take, and `conflict` when the id was ever used. */
  async create(wanted: CreateAccount, by: Actor): Promise<Account> {
    const { schema } = this.channel(wanted.channel);
    check(schema, wanted.settings);
    return this.add({ ...wanted, id: wanted.id ?? accountIdFrom(wanted.name, wanted.channel) }, schema, by);
  }

  /**
   * For the first start: makes the account if its id was never used, and leaves it alone ever after. Waits for the
   * channel to announce itself, since its schema says what is to be sealed.
   */
  async ensureAccount(wanted: CreateAccount & { id: AccountId }): Promise<void> {
    if (await this.rows.existsBy({ id: wanted.id })) return;
    const { settings: schema } = await this.channels.announced(wanted.channel, ANNOUNCEMENT_MS);
    check(schema, wanted.settings);
    await this.add(wanted, schema, theHub);
  }

  /** `undefined` when there is no such account. Throws as {@link create} does. */
  async patch(id: AccountId, patch: PatchAccount, by: Actor): Promise<Account | undefined> {
    return this.database.transaction(async (tx) => {
      const row = await this.locked(tx, id);
      if (!row) return undefined;
      const settings = patch.settings ? this.merged(row, patch.settings) : row.settings;
      const { name = row.name, enabled = row.enabled } = patch;
      const changed = { ...row, name, enabled, settings };
      await this.store(tx, changed, by, {
        action: 'account.changed',
        detail: { name, enabled, ...keysOf(patch) },
      });
      return this.shown({ ...changed, version: row.version + 1 });
    });
  }

  /**
   * The settings to try, sealed: those given, with the stored secrets that they do not name, or those stored. Throws
   * `invalid` like {@link create}. `undefined` when there is no such account.
   */
  async toCheck({ channel, id, settings }: CheckAccount): Promise<ToCheck | undefined> {
    const row = id && (await this.rows.findOneBy({ id, removedAt: IsNull() }));
    if (id && !row) return undefined;
    if (row) {
      const sealed = settings ? this.merged(row, settings) : row.settings;
      return { channel: row.channel, account: row.id, name: row.name, settings: sealed };
    }
    const { schema } = this.channel(channel);
    check(schema, settings ?? {});
    return { channel, account: null, name: '', settings: sealSettings(schema, settings ?? {}, this.key) };
  }

  /** Whom to ask how an account stands, and whether there is anything to ask. `undefined` when there is no such account. */
  async standing(
    id: AccountId,
  ): Promise<{ channel: ChannelName; enabled: boolean; tellsState: boolean } | undefined> {
    const row = await this.rows.findOneBy({ id, removedAt: IsNull() });
    if (!row) return undefined;
    const tellsState = this.channels.find(row.channel)?.abilities.includes('state') ?? false;
    return { channel: row.channel, enabled: row.enabled, tellsState };
  }

  /** False when there is no such account. Its conversations stay. */
  async remove(id: AccountId, by: Actor): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const row = await this.locked(tx, id);
      if (!row) return false;
      const changed = { ...row, enabled: false, removedAt: new Date(this.clock.now()) };
      await this.store(tx, changed, by, { action: 'account.removed', detail: { name: row.name } });
      return true;
    });
  }

  private async add(wanted: CreateAccount & { id: AccountId }, schema: Payload, by: Actor): Promise<Account> {
    const row: AccountRow = {
      id: wanted.id,
      channel: wanted.channel,
      name: wanted.name,
      settings: sealSettings(schema, wanted.settings, this.key),
      enabled: true,
      version: 1,
      createdAt: new Date(this.clock.now()),
      removedAt: null,
    };
    const { channel, name } = row;
    await this.database.transaction(async (tx) => {
      const made = await tx.query(
        `insert into hub.account (id, channel, name, settings, created_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing returning id`,
        [row.id, channel, name, row.settings, row.createdAt],
      );
      if (made.length === 0) throw new Refused('conflict', 'This id is or was that of another account.');
      await this.audit.record(
        { by, action: 'account.created', subject: row.id, detail: { channel, name } },
        tx,
      );
      await this.publish(tx, [row]);
    });
    return this.shown(row);
  }

  private async store(
    tx: Transaction,
    changed: AccountRow,
    by: Actor,
    deed: { action: string; detail: Payload },
  ): Promise<void> {
    const row = { ...changed, version: changed.version + 1 };
    await tx.manager.save(AccountRow, row);
    await this.audit.record({ by, subject: row.id, ...deed }, tx);
    await this.publish(tx, [row]);
  }

  private async publish(tx: Transaction, rows: AccountRow[]): Promise<void> {
    const events = rows.map((row) => ({ topic: topics.accounts, key: row.id, data: this.changed(row) }));
    await this.bus.publishWith(tx, events);
  }

  private changed(row: AccountRow): AccountChanged {
    const { id, channel, name, settings, enabled, version } = row;
    return {
      kind: 'account.changed',
      id: newId(),
      account: id,
      channel,
      name,
      settings,
      enabled,
      removed: row.removedAt !== null,
      version,
      at: timestamp(this.clock),
    };
  }

  private locked(tx: Transaction, id: AccountId): Promise<AccountRow | null> {
    return tx.manager.findOne(AccountRow, {
      where: { id, removedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** The new settings with the secrets that were not given anew, checked, and sealed again. */
  private merged(row: AccountRow, given: Payload): Payload {
    const { schema } = this.channel(row.channel);
    const settings = keepSecrets(schema, given, row.settings);
    check(schema, this.opened(schema, settings));
    return sealSettings(schema, settings, this.key);
  }

  private opened(schema: Payload, settings: Payload): Payload {
    try {
      return openSettings(schema, settings, this.key);
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      throw refuse([{ path: `settings.${error.path}`, message: 'must be given anew' }]);
    }
  }

  private channel(name: ChannelName): { schema: Payload } {
    const announced: ChannelAnnounced | undefined = this.channels.find(name);
    if (!announced)
      throw refuse([{ path: 'channel', message: 'is not the name of a channel that ever ran here' }]);
    return { schema: announced.settings };
  }

  /** Without its channel nobody knows which settings are secret: then none is shown. */
  private shown(row: AccountRow): Account {
    const schema = this.channels.find(row.channel)?.settings;
    return toAccount(row, schema ? maskSettings(schema, row.settings) : {});
  }

  private get rows() {
    return this.database.source.getRepository(AccountRow);
  }
}

function check(schema: Payload, settings: Payload): void {
  const faults = faultsOf(schema, settings);
  if (faults.length > 0) throw refuse(faults);
}

const refuse = (details: { path: string; message: string }[]): Refused =>
  new Refused('invalid', 'The channel does not take these settings.', { details: details.slice(0, 20) });

/** Which settings were changed, without what they say. */
const keysOf = ({ settings }: PatchAccount): Payload => (settings ? { settings: Object.keys(settings) } : {});
