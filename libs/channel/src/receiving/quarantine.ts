import type { AccountId, ChannelName, Clock } from '@yixian/contracts';
import { newId } from '@yixian/contracts';
import type { Database, Queryable } from '@yixian/database';

export interface Quarantined {
  id: string;
  channel: ChannelName;
  account: AccountId | null;
  nativeId: string | null;
  /** `message`: JSON of what the channel handed over; `raw`: bytes that it could not even parse. */
  form: 'message' | 'raw';
  raw: Buffer;
  why: string;
  at: Date;
  replayedAt: Date | null;
}

export type NewlyQuarantined = Pick<Quarantined, 'form' | 'why'> & {
  raw: Uint8Array;
  account?: string;
  nativeId?: string;
};

const columns = `id, channel, account, native_id as "nativeId", form, raw, why, at, replayed_at as "replayedAt"`;

/** What a channel could not take in, kept whole: nothing that came is ever thrown away unseen. */
export class Quarantine {
  constructor(
    private readonly channel: ChannelName,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Resolves when it is durable, with its id. */
  async keep({ form, raw, why, account, nativeId }: NewlyQuarantined): Promise<string> {
    const id = newId<string>();
    await this.database.query(
      `insert into channel.quarantine (id, channel, account, native_id, form, raw, why, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        id,
        this.channel,
        account,
        nativeId,
        form,
        Buffer.from(raw),
        why.slice(0, 2000),
        new Date(this.clock.now()),
      ],
    );
    return id;
  }

  /** What waits, oldest first. */
  waiting(limit = 100): Promise<Quarantined[]> {
    return this.database.query<Quarantined>(
      `select ${columns} from channel.quarantine where channel = $1 and replayed_at is null order by at, id limit $2`,
      [this.channel, limit],
    );
  }

  /** What somebody wants replayed. */
  wanted(limit = 20): Promise<Quarantined[]> {
    return this.database.query<Quarantined>(
      `select ${columns} from channel.quarantine
       where channel = $1 and replayed_at is null and replay_wanted order by at, id limit $2`,
      [this.channel, limit],
    );
  }

  async replayed(id: string): Promise<void> {
    const at = new Date(this.clock.now());
    await this.database.query('update channel.quarantine set replayed_at = $2 where id = $1', [id, at]);
  }

  /** It was tried again in vain: it waits on, and says why. */
  async refused(id: string, why: string): Promise<void> {
    await this.database.query('update channel.quarantine set replay_wanted = false, why = $2 where id = $1', [
      id,
      why.slice(0, 2000),
    ]);
  }
}

/** Asks the host of whichever channel it is, in whichever process, to replay it. False when there is no such thing. */
export async function wantReplay(on: Queryable, id: string): Promise<boolean> {
  const rows = await on.query(
    'update channel.quarantine set replay_wanted = true where id = $1 and replayed_at is null returning id',
    [id],
  );
  return rows.length > 0;
}
