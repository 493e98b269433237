import type { Bus, CursorMove } from '@yixian/bus';
import type {
  AccountId,
  Address,
  ChannelName,
  Clock,
  DeliveryState,
  EntryId,
  OutboundCommand,
} from '@yixian/contracts';
import type { Database, NamedStatement, Queryable, Transaction } from '@yixian/database';
import type { Command } from './command.ts';
import { INTERRUPTED } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { receiptEvent } from './receipt.ts';

const take = {
  name: 'channel.ledger.take',
  text: `insert into channel.send_ledger (message_id, channel, partition, account, address, kind, command)
    select (c->>'id')::uuid, $1, $2, c->>'account', c->>'address', c->>'kind', c from json_array_elements($3::json) as c
    on conflict (message_id) do nothing
    returning message_id as id, position, extract(epoch from at)::float8 * 1000 as "takenAt"`,
};
const waiting = {
  name: 'channel.ledger.waiting',
  text: `select message_id as id, position, attempts, extract(epoch from at)::float8 * 1000 as "takenAt",
      greatest(0, extract(epoch from due_at - clock_timestamp()) * 1000)::float8 as "dueInMs", command as data
    from channel.send_ledger where channel = $1 and partition = $2 and state = 'queued' order by position`,
};
// The lane is locked against being taken away until this commits: whoever takes it sees what we are sending. A second
// call for the same attempt, after a commit whose answer was lost, finds its own mark.
const begin = {
  name: 'channel.ledger.begin',
  text: `with lane as materialized (
      select partition from channel.lane
      where channel = $1 and owner = $2 and alive_until > clock_timestamp() and partition = any($4::int[])
      order by partition for share
    )
    update channel.send_ledger l
    set state = 'sending', sender = $2, attempts = b.attempts, changed_at = now()
    from unnest($3::uuid[], $5::int[]) as b (id, attempts), lane
    where l.message_id = b.id and l.channel = $1 and l.partition = lane.partition
      and (l.state = 'queued' or l.state = 'sending' and l.sender = $2 and l.attempts = b.attempts)
    returning l.message_id as id`,
};
const stillQueued = {
  name: 'channel.ledger.stillQueued',
  text: `select message_id as id from channel.send_ledger where message_id = any($1::uuid[]) and state = 'queued'`,
};
// 'queued' where nothing is left to do: a lane went away and came back while a send ran that may be repeated, so it was
// put back to wait. It is not among what waits in memory, since it still ran: nobody would ever perform it.
const finish = {
  name: 'channel.ledger.finish',
  text: `update channel.send_ledger l
    set state = o.state, native_id = coalesce(o."nativeId", l.native_id), reason = o.reason,
      due_at = clock_timestamp() + o."afterMs" * interval '1 ms',
      command = case when o.state = 'queued' then l.command end, changed_at = now()
    from json_to_recordset($1) as o (id uuid, state text, "nativeId" text, reason text, "afterMs" float8)
    where l.message_id = o.id and (l.state = 'sending' or l.state in ('unknown', 'queued') and o.state <> 'queued')
    returning l.message_id as id`,
};
// Only in a lane that is ours: in another's, what is being sent is somebody's who lives.
const interrupted = {
  name: 'channel.ledger.interrupted',
  text: `with lane as materialized (
      select partition from channel.lane where channel = $1 and partition = $2 and owner = $5 for share
    )
    update channel.send_ledger l set state = $3, reason = $4,
      command = case when $3 = 'queued' then l.command end, changed_at = now()
    from lane
    where l.channel = $1 and l.partition = lane.partition and l.state = 'sending'
    returning l.message_id as "messageId", l.account, l.address`,
};
const endpoints = {
  name: 'channel.ledger.endpoints',
  text: `select message_id as "messageId", account, address, native_id as "nativeId"
    from channel.send_ledger where channel = $1 and message_id = any($2::uuid[])`,
};
const forget = {
  name: 'channel.ledger.forget',
  text: 'delete from channel.send_ledger where message_id = any($1::uuid[])',
};

/** `not ours`: it waits, but the lane is another's, or our lease on it has run out. `gone`: it waits no more. */
export type Beginning = 'begun' | 'not ours' | 'gone';

export interface Ended {
  command: Command;
  outcome: Outcome;
}

export interface Endpoint {
  messageId: EntryId;
  account: AccountId;
  address: Address;
  nativeId: string | null;
}

/** What was done with every command to one channel, and what is still to do: the table `channel.send_ledger`. */
export class Ledger {
  constructor(
    private readonly channel: ChannelName,
    private readonly me: string,
    private readonly means: { database: Database; bus: Bus; clock: Clock },
  ) {}

  /** Takes commands off the bus: into the ledger, and the cursor behind them. Gives those that were not known. */
  async take(partition: number, commands: OutboundCommand[], cursor: CursorMove): Promise<Command[]> {
    return this.means.database.transaction(async (tx) => {
      const rows = await tx.query<{ id: string; position: number; takenAt: number }>(take, [
        this.channel,
        partition,
        JSON.stringify(commands),
      ]);
      await this.means.bus.advance(tx, cursor);
      const byId = new Map(commands.map((data) => [data.id as string, data]));
      return rows
        .map((row) => ({ ...row, partition, attempts: 0, dueInMs: 0, data: byId.get(row.id)! }))
        .sort((a, b) => a.position - b.position);
    });
  }

  /** All that waits in a lane, in order. */
  async waiting(partition: number): Promise<Command[]> {
    const rows = await this.means.database.query<Omit<Command, 'partition'>>(waiting, [
      this.channel,
      partition,
    ]);
    return rows.map((row) => ({ ...row, partition }));
  }

  /** Commits that these are being sent now, and says of each whether it may be. */
  async begin(commands: Command[]): Promise<Beginning[]> {
    const ids = commands.map(({ id }) => id);
    const begun = await this.idsOf(begin, [
      this.channel,
      this.me,
      ids,
      [...new Set(commands.map(({ partition }) => partition))],
      commands.map(({ attempts }) => attempts + 1),
    ]);
    if (begun.size === ids.length) return ids.map(() => 'begun');
    const queued = await this.idsOf(stillQueued, [ids]);
    return ids.map((id) => (begun.has(id) ? 'begun' : queued.has(id) ? 'not ours' : 'gone'));
  }

  /**
   * Commits what came of sends, their receipts, and, by `also`, what else belongs to them. What was already decided
   * (but `unknown` may still become known) stays, without a second receipt.
   */
  async finish(ended: Ended[], also: (tx: Transaction, ended: Ended[]) => Promise<void>): Promise<void> {
    await this.means.database.transaction(async (tx) => {
      const rows = await tx.query<{ id: string }>(finish, [JSON.stringify(ended.map(toRow))]);
      const moved = new Set(rows.map(({ id }) => id));
      const news = ended.filter(({ command }) => moved.has(command.id));
      await also(tx, news);
      await this.publishOutcomes(tx, news);
    });
  }

  /**
   * What a dead owner left in `sending`: nobody can know whether the customer got it, so it becomes `unknown`, with its
   * receipt; or, where sending twice does no harm, it waits again.
   */
  async settleInterrupted(partition: number, repeatable: boolean): Promise<void> {
    await this.means.database.transaction(async (tx) => {
      const values = [
        this.channel,
        partition,
        repeatable ? 'queued' : 'unknown',
        repeatable ? null : INTERRUPTED,
        this.me,
      ];
      const rows = await tx.query<Endpoint>(interrupted, values);
      if (repeatable || rows.length === 0) return;
      const at = this.means.clock.now();
      const receipt = (row: Endpoint) => ({ ...row, channel: this.channel, nativeId: undefined, at });
      const events = rows.map((row) =>
        receiptEvent({ ...receipt(row), state: 'unknown', reason: INTERRUPTED }),
      );
      await this.means.bus.publishWith(tx, events);
    });
  }

  /** Where messages went, of those that the ledger knows. */
  endpoints(messageIds: string[]): Promise<Endpoint[]> {
    return this.means.database.query<Endpoint>(endpoints, [this.channel, messageIds]);
  }

  /** Commands that leave no trace: what the customer was shown may be shown again. */
  async forget(commands: Command[]): Promise<void> {
    await this.means.database.query(forget, [commands.map(({ id }) => id)]);
  }

  private async idsOf(statement: NamedStatement, values: unknown[]): Promise<Set<string>> {
    const rows = await this.means.database.query<{ id: string }>(statement, values);
    return new Set(rows.map(({ id }) => id));
  }

  private async publishOutcomes(
    tx: Queryable & Pick<Transaction, 'afterCommit'>,
    ended: Ended[],
  ): Promise<void> {
    const at = this.means.clock.now();
    const events = ended.flatMap(({ command: { data }, outcome }) => {
      if (outcome.kind !== 'done') return [];
      const { channel, account, address } = data;
      const { state, nativeId, reason } = outcome;
      return [
        receiptEvent({
          channel,
          account,
          address,
          messageId: data.id as EntryId,
          state,
          nativeId,
          reason,
          at,
        }),
      ];
    });
    if (events.length > 0) await this.means.bus.publishWith(tx, events);
  }
}

/** The ledger knows five states; how far a message that went out has come since is the hub's to keep. */
function toRow({ command, outcome }: Ended): Record<string, unknown> {
  if (outcome.kind === 'again')
    return { id: command.id, state: 'queued', reason: outcome.reason, afterMs: outcome.afterMs };
  return {
    id: command.id,
    state: ledgerState(outcome.state),
    nativeId: outcome.nativeId,
    reason: outcome.reason,
  };
}

function ledgerState(state: DeliveryState): string {
  if (state === 'unknown') return 'unknown';
  return state === 'failed' || state === 'bounced' ? 'failed' : 'sent';
}
