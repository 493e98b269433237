import type { AccountId, ChannelName } from '../ids.ts';
import { EntryId } from '../ids.ts';
import { derivedId, entryIdOf } from './derived-id.ts';

const of = (channel: string, account: string, nativeId: string) =>
  entryIdOf(channel as ChannelName, account as AccountId, nativeId);

it('gives the same message the same id, and another message another', () => {
  expect(of('chat', 'shop', '1')).toBe(of('chat', 'shop', '1'));
  expect(of('chat', 'shop', '1')).not.toBe(of('chat', 'shop', '2'));
  expect(of('chat', 'shop', '1')).not.toBe(of('email', 'shop', '1'));
});

it('does not confuse parts that run into each other', () => {
  expect(derivedId('a', 'bc')).not.toBe(derivedId('ab', 'c'));
});

it('is a UUID of version 8, variant 10', () => {
  const id = of('chat', 'shop', '订单 42');
  expect(EntryId.safeParse(id).success).toBe(true);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('never changes: stored ids hang on it', () => {
  expect(of('chat', 'shop', '1')).toBe('1b3e02b0-a83a-84b9-8389-d0dd1207388d');
});
