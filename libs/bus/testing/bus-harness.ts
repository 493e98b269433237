import type { TopicSpec } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { OpenedBus } from '../src/open-bus.ts';

/** What an implementation brings to be tested: one broker or database, and any number of members on it. */
export interface BusHarness {
  /**
   * A new member, as another process would be, with connections of its own unless some are given. Closed by
   * {@link BusHarness.close} if the test does not, and its connections with it.
   */
  bus(topics: readonly TopicSpec[], connections?: Database): Promise<OpenedBus>;
  /** A pool of so many connections to the database. */
  connect(poolSize: number): Promise<Database>;
  /** Takes a member away without a word, as kill -9 does. Without it the suite closes the member instead. */
  kill?(bus: OpenedBus): Promise<void>;
  database: Database;
  /** Puts a value on a topic past all checks, as somebody else's program might. */
  put(topic: TopicSpec, key: string, value: string | null): Promise<void>;
  /** Takes away what the bus stores events in, all of it. Only when opened for an outage. */
  outage?(): Promise<{ end(): Promise<void> }>;
  close(): Promise<void>;
}

export type OpenHarness = (needs?: { outage: boolean }) => Promise<BusHarness>;

/** A case is slow when a broker has to notice that a member is gone. */
export const CASE_TIMEOUT = 90_000;
