import type { Cancel, Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import type { RawRecord } from '../delivery/raw-record.ts';
import type { Appended, LogRecord } from './append-records.ts';
import type { LogExcerpt, LogPlace } from './read-log.ts';
import { readLog } from './read-log.ts';

/** Somebody who follows one partition. */
export interface Follower extends LogPlace {
  /** Whether it can take records now. When it can again, it tells {@link LogReader.feed}. */
  readonly hungry: boolean;
  /** Takes records; the first is not below `next`. Moves `next` behind the last. */
  take(records: RawRecord[]): void;
  /**
   * The partition goes on at `head`: what lay before was trimmed. Or, when `head` is below `next`, a crash of the
   * server took back what it had not written to disk; whoever appended that will do so again.
   */
  skipTo(head: number): void;
}

/** A net under the wake-up calls, in ms. One small query for all partitions: 0.1 % of a core. */
const POLL_EVERY = 250;
/** While the database is away, in ms. */
const POLL_BROKEN = 1000;

/** Brings new records of the log to those who follow its partitions, with one query for all of them. */
export class LogReader {
  private readonly followers = new Set<Follower>();
  /** Those for whom there is something that they did not get yet, or may be. */
  private readonly behind = new Set<Follower>();
  private reading: Promise<void> | undefined;
  private again = false;
  private broken = false;
  private stopped = false;
  private cancelPoll: Cancel = () => {};

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  follow(follower: Follower): void {
    this.followers.add(follower);
    this.wake();
  }

  unfollow(follower: Follower): void {
    this.followers.delete(follower);
    this.behind.delete(follower);
  }

  /** The follower is hungry again. Costs a query only if it missed something. */
  feed(follower: Follower): void {
    if (this.behind.has(follower)) this.wake();
  }

  /** There may be something new. Cheap; never throws. */
  wake(): void {
    this.again = true;
    if (this.reading || this.stopped) return;
    this.reading = this.readAll().finally(() => {
      this.reading = undefined;
      this.pollLater();
      if (this.again) this.wake();
    });
  }

  /**
   * These records were appended by this process and are committed. A follower that stands exactly at their offset
   * gets them without a query: offsets are dense, so nothing can lie between.
   */
  committed(appended: readonly Appended[], records: readonly LogRecord[]): void {
    const at = this.clock.now();
    for (const stretch of appended) {
      for (const follower of this.followersOf(stretch)) {
        if (follower.next === stretch.firstOffset && follower.hungry)
          follower.take(recordsOf(stretch, records, at));
        else if (follower.next < stretch.firstOffset + stretch.count) this.behind.add(follower);
      }
    }
    if ([...this.behind].some(({ hungry }) => hungry)) this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelPoll();
    await this.reading;
  }

  private followersOf({ topic, partition }: Appended): Follower[] {
    return [...this.followers].filter((one) => one.topic === topic && one.partition === partition);
  }

  private async readAll(): Promise<void> {
    this.again = false;
    const followers: Follower[] = [];
    for (const follower of this.followers) {
      if (follower.hungry) followers.push(follower);
      else this.behind.add(follower);
    }
    if (followers.length === 0) return;
    const { places, placeOf } = distinct(followers);
    try {
      const excerpts = await readLog(this.database, places);
      this.recovered();
      for (const follower of followers) {
        const index = placeOf.get(follower)!;
        if (follower.next === places[index]!.next) this.serve(follower, excerpts.get(index));
      }
      this.again ||= [...this.behind].some(({ hungry }) => hungry);
    } catch (error) {
      this.failed(error);
    }
  }

  private serve(follower: Follower, excerpt: LogExcerpt | undefined): void {
    this.behind.delete(follower);
    if (!excerpt || !this.followers.has(follower)) return;
    if (excerpt.records.length > 0) follower.take([...excerpt.records]);
    else follower.skipTo(excerpt.head);
    if (follower.next < excerpt.head) this.behind.add(follower);
  }

  private recovered(): void {
    if (this.broken) this.log.info('The log of the bus can be read again.');
    this.broken = false;
  }

  private failed(error: unknown): void {
    if (!this.broken) this.log.warn({ err: error }, 'The log of the bus cannot be read.');
    this.broken = true;
    // Not at once: the poll tries again.
    this.again = false;
  }

  private pollLater(): void {
    this.cancelPoll();
    if (!this.stopped)
      this.cancelPoll = this.clock.after(this.broken ? POLL_BROKEN : POLL_EVERY, () => this.wake());
  }
}

/** Followers of one partition mostly stand at the same place: it is read once. */
function distinct(followers: Follower[]): { places: LogPlace[]; placeOf: Map<Follower, number> } {
  const indexes = new Map<string, number>();
  const places: LogPlace[] = [];
  const placeOf = new Map<Follower, number>();
  for (const follower of followers) {
    const { topic, partition, next } = follower;
    const name = `${topic}/${partition}/${next}`;
    const index = indexes.get(name) ?? places.push({ topic, partition, next }) - 1;
    indexes.set(name, index);
    placeOf.set(follower, index);
  }
  return { places, placeOf };
}

function recordsOf(
  { firstOffset, ordinals }: Appended,
  records: readonly LogRecord[],
  timestamp: number,
): RawRecord[] {
  return ordinals.map((ordinal, index) => {
    const { key, headers, value, data } = records[ordinal - 1]!;
    return { offset: firstOffset + index, key, headers, value, timestamp, ...(data && { data }) };
  });
}
