import type { Cancel, Clock } from '@yixian/contracts';
import { newId, waitAtMost } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import { nextStep } from './share.ts';

/** Something whose partitions are divided among the members of a group. */
export interface Shared {
  group: string;
  topic: string;
  partitions: number;
  /** These are ours from now on. */
  assigned(partitions: number[]): void;
  /** These are no longer ours, or will be given up when the promise resolves: finish what runs. */
  revoked(partitions: number[]): Promise<void>;
}

interface Share {
  shared: Shared;
  held: Set<number>;
  settled: () => void;
}

interface Standings {
  others: number;
  members: [group: string, topic: string, member: string][];
  leases: [group: string, topic: string, partition: number, owner: string][];
}

/** Between two signs of life, in ms. */
const BEAT_EVERY = 1000;
/** What a member holds is free for others after this long without a sign of life, in ms: taken over within 5 s. */
const ALIVE_FOR = 3500;

/** The longest wait for a goodbye to reach a database that may be away, in ms. What is not given back runs out. */
const FAREWELL = 2000;

export interface MembersOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  /** Asks other members to look at once. */
  tell: () => void;
}

/**
 * Who of the processes owns which partition: leases in PostgreSQL, by its clock. A lease says who should work, not who
 * may: for a moment two may believe they own a partition, and it is the cursor that lets only one of them through.
 */
export class Members {
  readonly id = newId<string>();
  private readonly shares = new Map<string, Share>();
  private others = 0;
  private beating: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private cancelBeat: Cancel = () => {};
  private cancelExpiry: Cancel = () => {};

  constructor(private readonly options: MembersOptions) {}

  /** Whether other processes were alive at the last look. */
  get hasOthers(): boolean {
    return this.others > 0;
  }

  /** Resolves after the first sign of life. Throws DatabaseError. */
  async start(): Promise<void> {
    await this.beat();
    this.options.tell();
    this.beatLater();
  }

  /** Takes a share. Resolves after the first division, which may have given nothing yet. Throws when it has one. */
  join(shared: Shared): Promise<void> {
    const name = nameOf(shared.group, shared.topic);
    if (this.shares.has(name))
      throw new Error(`This process reads ${shared.topic} as ${shared.group} already.`);
    const settled = new Promise<void>((resolve) => {
      this.shares.set(name, { shared, held: new Set(), settled: resolve });
    });
    this.look();
    this.options.tell();
    return settled;
  }

  /** Gives the share up at once; resolves when what runs has finished and others may take it. */
  async leave({ group, topic }: Pick<Shared, 'group' | 'topic'>): Promise<void> {
    const name = nameOf(group, topic);
    const share = this.shares.get(name);
    if (!share) return;
    this.shares.delete(name);
    share.settled();
    await this.briefly(this.beating);
    await share.shared.revoked([...share.held]);
    await this.briefly(this.sayGoodbye(share));
  }

  /** Looks at the standings now; somebody may have come or gone. */
  look(): void {
    this.again = true;
    if (this.beating || this.stopped) return;
    this.beating = this.round().finally(() => {
      this.beating = undefined;
      if (this.again) this.look();
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelBeat();
    this.cancelExpiry();
    await this.briefly(this.beating);
    await Promise.all([...this.shares.values()].map(({ shared }) => this.leave(shared)));
    await this.briefly(this.options.database.query('delete from bus.member where id = $1', [this.id]));
    this.options.tell();
  }

  private async sayGoodbye({ shared }: Share): Promise<void> {
    const { group, topic } = shared;
    await this.options.database.query(
      'delete from bus.membership where member = $1 and grp = $2 and topic = $3',
      [this.id, group, topic],
    );
    // All of them: a claim may have been under way.
    await this.giveUp(shared, everyPartition(shared));
  }

  private briefly(work: Promise<unknown> | undefined): Promise<void> {
    return waitAtMost(this.options.clock, FAREWELL, Promise.resolve(work).catch(ignored));
  }

  private beatLater(): void {
    this.cancelBeat();
    this.cancelBeat = this.options.clock.after(BEAT_EVERY, () => {
      this.look();
      this.beatLater();
    });
  }

  private async round(): Promise<void> {
    this.again = false;
    try {
      const standings = await this.beat();
      await Promise.all([...this.shares.values()].map((share) => this.divide(share, standings)));
    } catch (error) {
      this.options.log.debug({ err: error }, 'No sign of life could be given.');
    }
  }

  private async beat(): Promise<Standings> {
    const wanted = [...this.shares.values()].map(({ shared }) => shared);
    const sentAt = this.options.clock.monotonic();
    const [row] = await this.options.database.query<{ standings: Standings }>(
      { name: 'bus.beat', text: 'select bus.beat($1, $2, $3::text[], $4::text[]) as standings' },
      [this.id, ALIVE_FOR, wanted.map(({ group }) => group), wanted.map(({ topic }) => topic)],
    );
    this.expireAfter(sentAt + ALIVE_FOR - this.options.clock.monotonic());
    this.others = row!.standings.others;
    return row!.standings;
  }

  /** When no sign of life got through in time, others own what was ours. */
  private expireAfter(ms: number): void {
    this.cancelExpiry();
    if (this.stopped) return;
    this.cancelExpiry = this.options.clock.after(ms, () => {
      for (const share of this.shares.values()) void this.lose(share, [...share.held]);
    });
  }

  private async divide(share: Share, { members, leases }: Standings): Promise<void> {
    const { group, topic, partitions } = share.shared;
    const here = <T extends [string, string, ...unknown[]]>(row: T): boolean =>
      row[0] === group && row[1] === topic;
    const alive = members.filter(here).map(([, , member]) => member);
    if (!alive.includes(this.id)) {
      // It joined after the sign of life was sent.
      this.again = true;
      return;
    }
    const owners = new Map(leases.filter(here).map(([, , partition, owner]) => [partition, owner]));
    const step = nextStep(this.id, { partitions, members: alive, owners });
    const held = new Set(step.held);
    void this.lose(
      share,
      [...share.held].filter((partition) => !held.has(partition)),
    );
    const claimed = step.claim.length > 0 ? await this.claim(share, step.claim) : [];
    this.gain(
      share,
      [...step.held, ...claimed].filter((partition) => !step.release.includes(partition)),
    );
    if (step.release.length > 0) void this.release(share, step.release);
    share.settled();
  }

  private async claim({ shared }: Share, partitions: number[]): Promise<number[]> {
    const [row] = await this.options.database.query<{ got: number[] }>(
      'select bus.claim($1, $2, $3, $4::int[]) as got',
      [this.id, shared.group, shared.topic, partitions],
    );
    return row!.got;
  }

  private gain(share: Share, partitions: number[]): void {
    const gained = partitions.filter((partition) => !share.held.has(partition));
    if (gained.length === 0 || !this.shares.has(nameOf(share.shared.group, share.shared.topic))) return;
    for (const partition of gained) share.held.add(partition);
    share.shared.assigned(gained);
  }

  private async lose(share: Share, partitions: number[]): Promise<void> {
    if (partitions.length === 0) return;
    for (const partition of partitions) share.held.delete(partition);
    await share.shared.revoked(partitions);
  }

  private async release(share: Share, partitions: number[]): Promise<void> {
    const given = partitions.filter((partition) => share.held.has(partition));
    if (given.length === 0) return;
    await this.lose(share, given);
    await this.giveUp(share.shared, given).catch(ignored);
  }

  private async giveUp({ group, topic }: Shared, partitions: number[]): Promise<void> {
    await this.options.database.query(
      'delete from bus.lease where grp = $1 and topic = $2 and partition = any($3) and owner = $4',
      [group, topic, partitions, this.id],
    );
    this.options.tell();
  }
}

const nameOf = (group: string, topic: string): string => `${group} ${topic}`;

const everyPartition = ({ partitions }: Shared): number[] =>
  Array.from({ length: partitions }, (_, partition) => partition);

/** A lease that cannot be given back runs out by itself. */
const ignored = (): void => {};
