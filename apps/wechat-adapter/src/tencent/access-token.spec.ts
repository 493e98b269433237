import { expect, it } from '@jest/globals';
import type { ChannelStore } from '@yixian/channel';
import { TestClock } from '@yixian/contracts/testing';
import { AccessToken } from './access-token.ts';

function later(): { promise: Promise<undefined>; resolve(): void } {
  let resolve = () => undefined as void;
  const promise = new Promise<undefined>((done) => (resolve = () => done(undefined)));
  return { promise, resolve: () => resolve() };
}

it('is asked for once, though many want it while it is looked up and written down', async () => {
  const looked = later();
  const written = later();
  let lookups = 0;
  let asked = 0;
  const store = {
    // The first looks it up at once, the second only when the first has its token already.
    get: () => (lookups++ === 0 ? Promise.resolve(undefined) : looked.promise),
    put: () => written.promise,
  } as unknown as ChannelStore;
  const token = new AccessToken('token', { store, clock: new TestClock() }, async () => {
    asked += 1;
    return { access_token: 'abc', expires_in: 7200 };
  });
  const first = token.use(async (given) => given);
  const second = token.use(async (given) => given);
  await new Promise((resolve) => setImmediate(resolve));
  looked.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  written.resolve();
  expect(await Promise.all([first, second])).toEqual(['abc', 'abc']);
  expect(asked).toBe(1);
});
