import type { TopicSpec } from '@yixian/contracts';
import { z } from 'zod';
import type { OutgoingEvent } from '../src/bus.ts';

/** A small event to test with. `text` must stay what it is, whatever it looks like. */
export const Noted = z.object({
  kind: z.literal('noted'),
  id: z.uuid(),
  n: z.int(),
  text: z.string().optional(),
});
export type Noted = z.infer<typeof Noted>;

/** A topic of a test, of its own name so that tests on one broker do not meet. */
export function sampleTopic(name: string, settings: Partial<TopicSpec> = {}): TopicSpec {
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
    data: { kind: 'noted', id: crypto.randomUUID(), n, ...(text === undefined ? {} : { text }) },
  };
}
