import { InboundEvent } from './inbound.ts';
import { customerKey, type ChannelName } from './ids.ts';
import { outboundTopic, topics } from './topics.ts';
import { WriteMessage } from './desk-api.ts';

const message = {
  kind: 'message.received',
  id: '5b6c3a52-7a75-8c4e-9d5e-0d8a5f3e2b1a',
  channel: 'chat',
  account: 'shop',
  address: 'visitor-1',
  nativeId: 'n1',
  occurredAt: '2026-11-22T09:00:00.000Z',
  receivedAt: '2026-11-22T09:00:00.100Z',
  sender: { claims: [] },
  text: '[1]',
  attachments: [],
  payload: {},
};

it('takes a message as the customer wrote it', () => {
  expect(InboundEvent.parse(message)).toEqual(message);
});

it('takes a message of one of several threads', () => {
  const mail = { ...message, thread: '<a@shop.example>', subject: '', relatedTo: message.id };
  expect(InboundEvent.parse(mail)).toEqual(mail);
});

it('takes what a channel knows of an address, and tells what it leaves open from what it takes back', () => {
  const { kind: _, id, channel, account, address, occurredAt } = message;
  const report = { kind: 'address.reported', id, channel, account, address, occurredAt };
  const allowance = { until: null, left: 3, reason: 'window_open', alternatives: ['template'] };
  for (const known of [{ allowance }, { undeliverable: null }])
    expect(InboundEvent.parse({ ...report, ...known })).toEqual({ ...report, ...known });
  expect(InboundEvent.safeParse({ ...report, allowance: { ...allowance, left: -1 } }).success).toBe(false);
});

it.each([
  ['a thread without a name', { ...message, thread: '' }],
  ['an unknown kind', { ...message, kind: 'message.teleported' }],
  ['no id', { ...message, id: undefined }],
  ['a channel that is no word', { ...message, channel: 'Chat Room' }],
  ['text over the limit', { ...message, text: 'x'.repeat(100_001) }],
  ['a date that is none', { ...message, occurredAt: 'yesterday' }],
  ['an empty address', { ...message, address: '' }],
])('refuses %s', (_, event) => {
  expect(InboundEvent.safeParse(event).success).toBe(false);
});

it('keeps everything of one customer under one key', () => {
  expect(customerKey(InboundEvent.parse(message))).toBe('chat:shop:visitor-1');
});

it('names one topic for each channel, with the same settings', () => {
  const sms = outboundTopic('sms' as ChannelName);
  expect(sms.name).toBe('yixian.outbound.sms.v1');
  const names = Object.values(topics).map(({ name }) => name);
  expect(new Set([...names, sms.name]).size).toBe(names.length + 1);
  for (const name of names) expect(name).toMatch(/^yixian\.[a-z]+\.v\d+$/);
});

it('wants text or an attachment in a reply', () => {
  expect(WriteMessage.safeParse({ id: message.id, text: '  ', seenSeq: 0 }).success).toBe(false);
  expect(WriteMessage.safeParse({ id: message.id, text: '好', seenSeq: 0 }).success).toBe(true);
});
