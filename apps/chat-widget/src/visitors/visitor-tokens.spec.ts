import type { ChannelStore } from '@yixian/channel';
import type { AccountId, Address } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import { VisitorTokens } from './visitor-tokens.ts';

const DAY = 86_400_000;
const shop = 'shop' as AccountId;
const lin = 'visitor-1' as Address;

function setUp() {
  const clock = new TestClock();
  const rows = new Map<string, { value: unknown; expiresAt: number }>();
  const alive = (key: string) => (rows.get(key)?.expiresAt ?? 0) > clock.now();
  const store: ChannelStore = {
    get: async <T>(key: string) => (alive(key) ? structuredClone(rows.get(key)!.value as T) : undefined),
    put: async (key, value, { expiresAt = Infinity } = {}) => void rows.set(key, { value, expiresAt }),
    add: async (key, value, { expiresAt = Infinity } = {}) => {
      if (alive(key)) return false;
      rows.set(key, { value, expiresAt });
      return true;
    },
    delete: async (key) => void rows.delete(key),
    last: async () => [],
  };
  return { clock, rows, tokens: new VisitorTokens(store, clock) };
}

test('a token is known again, on its own site, and only its hash is kept', async () => {
  const { tokens, rows } = setUp();
  const { token } = await tokens.issue(shop, lin);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(await tokens.find(shop, token)).toMatchObject({ address: lin });
  expect(await tokens.find('other' as AccountId, token)).toBeUndefined();
  expect(await tokens.find(shop, `${token}x`)).toBeUndefined();
  expect(JSON.stringify([...rows])).not.toContain(token);
});

test('after a day it is replaced; the old one ends ten minutes after the new one was used', async () => {
  const { tokens, clock } = setUp();
  const { token: old } = await tokens.issue(shop, lin);
  clock.advance(DAY);
  const { renewed } = (await tokens.find(shop, old))!;
  expect(renewed).toBeDefined();

  clock.advance(DAY);
  expect(await tokens.find(shop, old)).toMatchObject({ address: lin }); // The new one never arrived.
  expect(await tokens.find(shop, renewed!)).toMatchObject({ address: lin });
  clock.advance(9 * 60_000);
  expect(await tokens.find(shop, old)).toMatchObject({ address: lin }); // Another tab.
  clock.advance(61_000);
  expect(await tokens.find(shop, old)).toBeUndefined();
  expect(await tokens.find(shop, renewed!)).toMatchObject({ address: lin });
});

test('whoever stays away for 180 days is new; whoever comes back in time stays', async () => {
  const { tokens, clock } = setUp();
  const { token } = await tokens.issue(shop, lin);
  clock.advance(179 * DAY);
  const { renewed } = (await tokens.find(shop, token))!;
  clock.advance(179 * DAY);
  expect(await tokens.find(shop, renewed!)).toMatchObject({ address: lin });
  clock.advance(181 * DAY);
  expect(await tokens.find(shop, renewed!)).toBeUndefined();
});

test('a forgotten token is nobody', async () => {
  const { tokens } = setUp();
  const { token, hash } = await tokens.issue(shop, lin);
  await tokens.forget(hash);
  expect(await tokens.find(shop, token)).toBeUndefined();
});
