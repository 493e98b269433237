import { expect, it } from '@jest/globals';
import type { BusHarness } from '../bus-harness.ts';
import { CASE_TIMEOUT } from '../bus-harness.ts';
import { eventually } from '@yixian/contracts/testing';
import type { Noted } from '../sample-topics.ts';
import { noted, Received, sampleTopic } from '../sample-topics.ts';

const texts = [
  '[1]',
  '{',
  '{"a":1}',
  'null',
  '',
  ' ',
  String.raw`\u0000`,
  '"',
  'line\nline',
  '\u0001',
  '微信 👩‍👩‍👧',
];
const keys = [
  '',
  ' ',
  'chat:main:a b',
  'wechat:号:😀',
  `'";--`,
  'back\\slash',
  'tab\there',
  '/',
  '{"a":1}',
  'x'.repeat(500),
];

export function contentCases(harness: () => BusHarness): void {
  it(
    'leaves text text, whatever it looks like',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'text' }, handler: received.handler });
      await bus.publish(texts.map((text, n) => noted(topic, 'one', n, text)));
      await eventually(() => expect(received.events.map(({ data }) => data.text)).toEqual(texts));
    },
    CASE_TIMEOUT,
  );

  it(
    'takes keys with odd characters',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'keys' }, handler: received.handler });
      await bus.publish(keys.flatMap((key) => [noted(topic, key, 1), noted(topic, key, 2)]));
      await eventually(() =>
        expect(Object.fromEntries(received.byKey)).toEqual(
          Object.fromEntries(keys.map((key) => [key, [1, 2]])),
        ),
      );
    },
    CASE_TIMEOUT,
  );

  it(
    'carries an event of a megabyte',
    async () => {
      const topic = sampleTopic();
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'big' }, handler: received.handler });
      const text = 'x汉"\\'.repeat(180_000);
      await bus.publish([noted(topic, 'a', 1), noted(topic, 'a', 2, text), noted(topic, 'a', 3)]);
      await eventually(() => expect(received.numbers).toEqual([1, 2, 3]));
      expect(received.events[1]!.data.text === text).toBe(true);
    },
    CASE_TIMEOUT,
  );

  it.each([
    ['a field of the wrong type', { n: 'one' }],
    ['another kind', { kind: 'other' }],
    ['a missing field', { n: undefined }],
    ['a NUL, which no database text can hold', { text: 'a\0b' }],
    ['half a character', { text: 'a\ud83d' }],
  ])(
    'refuses a call with %s, all of it',
    async (_, fault) => {
      const topic = sampleTopic({ partitions: 1 });
      const bus = await harness().bus([topic]);
      const received = new Received();
      await bus.subscribe({ topic, delivery: { group: 'invalid' }, handler: received.handler });
      const bad = noted(topic, 'a', 2);
      Object.assign(bad.data, fault as Partial<Noted>);
      await expect(bus.publish([noted(topic, 'a', 1), bad])).rejects.toMatchObject({
        code: 'invalid_event',
        retryable: false,
      });
      await expect(harness().database.transaction((tx) => bus.publishWith(tx, [bad]))).rejects.toMatchObject({
        code: 'invalid_event',
      });
      await bus.publish([noted(topic, 'a', 3)]);
      await eventually(() => expect(received.numbers).toEqual([3]));
    },
    CASE_TIMEOUT,
  );
}
