import { expect, it } from '@jest/globals';
import { backoff } from './backoff.ts';

it('doubles from half a second to fifteen, less up to 30 % by chance', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((n) => backoff(n, 0))).toEqual([
    500, 1000, 2000, 4000, 8000, 15_000, 15_000,
  ]);
  expect(backoff(0, 1)).toBe(350);
});
