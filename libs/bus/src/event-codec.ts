import { propagation, context } from '@opentelemetry/api';
import type { CloudEventHeaders, Clock, TopicSpec } from '@yixian/contracts';
import { CONTENT_TYPE, newId, timestamp } from '@yixian/contracts';
import type { z } from 'zod';
import type { BusEvent, OutgoingEvent } from './bus.ts';
import type { RawRecord } from './delivery/raw-record.ts';
import { InvalidEvent } from './errors.ts';

/** An event as it lies in a log: attributes beside the JSON text of its data. */
export interface EncodedEvent {
  topic: string;
  key: string;
  headers: CloudEventHeaders & Record<string, string>;
  value: string;
  /** What `value` says, as the schema of the topic gave it. Shared by all who read it: not to be changed. */
  data: { kind: string };
}

/** The most bytes an event may have, so that it fits both a Kafka message and a row: 8 MiB. */
export const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/**
 * JSON can say NUL and half a surrogate pair, PostgreSQL's text cannot hold either. A backslash before the `\u` makes
 * it plain text, so only odd runs of backslashes count.
 */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i;

/** Throws {@link InvalidEvent}. */
export function encodeEvent(event: OutgoingEvent, by: { source: string; clock: Clock }): EncodedEvent {
  const { topic, key, data } = event;
  const checked = topic.schema.safeParse(data);
  if (!checked.success) throw new InvalidEvent(topic.name, reasonOf(checked.error));
  const value = JSON.stringify(data);
  refuseUnstorable(topic, key, value);
  return { topic: topic.name, key, headers: headersOf(event, by), value, data: checked.data };
}

function refuseUnstorable(topic: TopicSpec, key: string, value: string): void {
  if (/\0|\p{Surrogate}/u.test(key)) throw new InvalidEvent(topic.name, 'the key is not plain text');
  if (value.includes('\\u') && unstorable.test(value)) {
    throw new InvalidEvent(topic.name, 'it holds a NUL or half a character');
  }
  if (value.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(value) > MAX_EVENT_BYTES) {
    throw new InvalidEvent(topic.name, `it is larger than ${MAX_EVENT_BYTES} bytes`);
  }
}

function headersOf(
  { data, traceparent }: OutgoingEvent,
  by: { source: string; clock: Clock },
): EncodedEvent['headers'] {
  const headers: EncodedEvent['headers'] = {
    ce_specversion: '1.0',
    ce_id: data.id ?? newId<string>(),
    ce_type: data.kind,
    ce_source: by.source,
    ce_time: timestamp(by.clock),
    'content-type': CONTENT_TYPE,
  };
  if (traceparent) headers.traceparent = traceparent;
  else propagation.inject(context.active(), headers);
  return headers;
}

/** What a record turned out to be. `nothing`: a deletion in a compacted topic, which carries no event. */
export type Decoded = { event: BusEvent } | { poison: string } | { nothing: true };

/** Never throws: what cannot be read says why. What was read already is not read again. */
export function decodeRecord(topic: TopicSpec, record: RawRecord): Decoded {
  if (record.data) return { event: eventOf(record, record.data) };
  if (record.value === null)
    return topic.cleanup === 'compact' ? { nothing: true } : { poison: 'It has no value.' };
  let data: unknown;
  try {
    data = JSON.parse(typeof record.value === 'string' ? record.value : utf8.decode(record.value));
  } catch (error) {
    return { poison: `It is not JSON: ${(error as Error).message}` };
  }
  const checked = topic.schema.safeParse(data);
  if (!checked.success) return { poison: `It does not fit the schema: ${reasonOf(checked.error)}` };
  return { event: eventOf(record, checked.data) };
}

function eventOf({ offset, key, headers }: RawRecord, data: BusEvent['data']): BusEvent {
  return { offset, key, headers: headers as Partial<CloudEventHeaders>, data };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function reasonOf(error: z.ZodError): string {
  const issues = error.issues.map(({ path, message }) => `${path.join('.') || 'event'}: ${message}`);
  return issues.join('; ').slice(0, 1000);
}
