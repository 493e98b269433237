import { expect, it } from '@jest/globals';
import { joinPatience, REBALANCE_TIMEOUT_MS, SESSION_TIMEOUT_MS } from './join-patience.ts';

const ofReturns = [0, 1, 2, 3, 4, 5, 6, 7].map((failures) => joinPatience({ isReturn: true, failures }));

it('asks another broker soon when a return is not answered', () => {
  expect(ofReturns[0]).toBeLessThan(SESSION_TIMEOUT_MS / 2);
});

it('gives up short returns no sooner than a dead broker’s groups have another coordinator', () => {
  const short = ofReturns.filter((ms) => ms === ofReturns[0]);
  expect(short.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(SESSION_TIMEOUT_MS);
});

it('waits at last for as long as a slow group may take, so that returns do not fail for ever', () => {
  const longest = SESSION_TIMEOUT_MS + REBALANCE_TIMEOUT_MS;
  expect(ofReturns.at(-1)).toBe(longest);
  expect(joinPatience({ isReturn: false, failures: 0 })).toBe(longest);
});
