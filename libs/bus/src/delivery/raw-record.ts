import type { TopicSpec } from '@yixian/contracts';

/** A record as the broker or the log gives it. Unless it has `data`, nothing is decoded or believed yet. */
export interface RawRecord {
  offset: number;
  key: string;
  headers: Record<string, string>;
  value: Uint8Array | string | null;
  /** What the value says, where this process published it and so has checked it. */
  data?: { kind: string };
  /** Milliseconds since 1970, as the broker or the log recorded it. */
  timestamp: number;
}

/** Records of one partition, in order. */
export interface RawBatch {
  topic: TopicSpec;
  partition: number;
  records: RawRecord[];
  /** The stored cursor of the group, or `null` when it never stored one. Ignored without a group. */
  from: number | null;
}

/**
 * What became of a batch. `from` is where the stored cursor stands now: it is the `from` of what comes next.
 * - `done`: all of it is settled; read on at `next`;
 * - `retry`: everything below `next` is settled; give what follows again, `afterMs` from now, and let the partition
 *   wait until then;
 * - `stale`: another process moved the group's cursor: give the partition up, or read the cursor again;
 * - `stopped`: the signal aborted before the end. What was settled is in the cursor.
 */
export type Delivered =
  | { outcome: 'done'; next: number; from: number | null }
  | { outcome: 'retry'; afterMs: number; next: number; from: number | null }
  | { outcome: 'stale' }
  | { outcome: 'stopped' };
