import { expect, test } from '@jest/globals';
import { nextPause, patience } from './retry-policy.ts';

test('pauses grow, up to a minute, until patience ends', () => {
  const pauses = [];
  let age = 0;
  for (let attempts = 1; ; attempts++) {
    const ms = nextPause(patience, attempts, age);
    if (ms === undefined) break;
    pauses.push(ms / 1000);
    age += ms;
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]);
});

test('what has waited too long already is given up', () => {
  expect(nextPause(patience, 1, patience.giveUpAfterMs)).toBeUndefined();
});
