import { expect, it } from '@jest/globals';
import { TestClock } from '@yixian/contracts/testing';
import { sampleTopic } from '../testing/sample-topics.ts';
import { decodeRecord, encodeEvent } from './event-codec.ts';

const topic = sampleTopic({ partitions: 1 });
const by = { source: '/yixian/test', clock: new TestClock() };

it('reads what this process published as it reads the text of it', () => {
  const data = { kind: 'noted', id: '00000000-0000-4000-8000-000000000001', n: 1, unknown: 'to the schema' };
  const encoded = encodeEvent({ topic, key: 'k', data }, by);
  const record = { offset: 7, key: 'k', headers: encoded.headers, timestamp: 0, value: encoded.value };
  expect(JSON.parse(encoded.value)).toEqual(data);
  const read = decodeRecord(topic, record);
  expect(read).toMatchObject({ event: { offset: 7, key: 'k', data: { kind: 'noted', n: 1 } } });
  expect(decodeRecord(topic, { ...record, data: encoded.data })).toEqual(read);
});

it('checks once what this process published', () => {
  const data = { kind: 'noted', n: 1 };
  const record = { offset: 0, key: 'k', headers: {}, timestamp: 0, value: 'not even JSON' };
  expect(decodeRecord(topic, { ...record, data })).toEqual({
    event: { offset: 0, key: 'k', headers: {}, data },
  });
  expect(decodeRecord(topic, record)).toHaveProperty('poison');
});
