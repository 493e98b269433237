import { expect, it } from '@jest/globals';
import { joinPatience, REBALANCE_TIMEOUT_MS, SESSION_TIMEOUT_MS } from './join-patience.ts';

const longest = SESSION_TIMEOUT_MS + REBALANCE_TIMEOUT_MS;

it('asks another broker soon when a return is not answered, for as long as the group may have no coordinator', () => {
  for (const outMs of [0, SESSION_TIMEOUT_MS, 1.5 * SESSION_TIMEOUT_MS])
    expect(joinPatience({ isReturn: true, outMs })).toBeLessThan(SESSION_TIMEOUT_MS / 2);
});

it('waits then for as long as a slow group may take, so that returns do not fail for ever', () => {
  expect(joinPatience({ isReturn: true, outMs: 3 * SESSION_TIMEOUT_MS })).toBe(longest);
  expect(joinPatience({ isReturn: false, outMs: 0 })).toBe(longest);
});
