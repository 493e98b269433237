import { randomUUID } from 'node:crypto';
import type { TopicSpec } from '@yixian/contracts';
import { z } from 'zod';
import type { Batch, BatchHandler, OutgoingEvent } from '../src/bus.ts';

/** A small event to test with. */
export const Noted = z.object({
  kind: z.literal('noted'),
  id: z.uuid(),
  n: z.int(),
  text: z.string().optional(),
});
export type Noted = z.infer<typeof Noted>;

/** A topic of a name of its own, so that tests on one broker do not meet. */
export function sampleTopic(settings: Partial<TopicSpec> = {}): TopicSpec {
  const name = `test.${randomUUID().slice(0, 8)}.v1`;
  return {
    name,
    partitions: 4,
    cleanup: 'delete',
    retentionMs: 3_600_000,
    key: 'any',
    schema: Noted,
    ...settings,
  };
}

export function noted(
  topic: TopicSpec,
  key: string,
  n: number,
  text?: string,
): OutgoingEvent & { data: Noted } {
  return {
    topic,
    key,
    data: { kind: 'noted', id: randomUUID(), n, ...(text === undefined ? {} : { text }) },
  };
}

/** Events `from … to` over so many keys: number n has the key `k<n mod keys>`. */
export function series(topic: TopicSpec, from: number, to: number, keys = 8): OutgoingEvent[] {
  return Array.from({ length: to - from + 1 }, (_, i) => noted(topic, `k${(from + i) % keys}`, from + i));
}

/** A handler that keeps what it got. */
export class Received {
  readonly batches: Batch<Noted>[] = [];

  readonly handler: BatchHandler<Noted> = async (batch) => {
    this.batches.push(batch);
  };

  get events() {
    return this.batches.flatMap(({ events }) => events);
  }

  get numbers(): number[] {
    return this.events.map(({ data }) => data.n);
  }

  /** The numbers of each key, in the order they came. */
  get byKey(): Map<string, number[]> {
    const keys = new Map<string, number[]>();
    for (const { key, data } of this.events) keys.set(key, [...(keys.get(key) ?? []), data.n]);
    return keys;
  }
}

export const sorted = (numbers: Iterable<number>): number[] => [...new Set(numbers)].sort((a, b) => a - b);

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
