import { expect, it } from '@jest/globals';
import { allowanceAt, partsOf } from './allowance.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const allowance = (given: object) => ({ until: null, left: null, reason: null, alternatives: [], ...given });

it('is open for as long and as often as the channel says', () => {
  const until = '2026-11-21T10:00:00Z';
  expect(allowanceAt(allowance({ until, left: 3 }), NOW, 2)).toEqual({
    closed: false,
    short: false,
    left: 3,
    remaining: 3_600_000,
  });
  expect(allowanceAt(allowance({}), NOW, 99)).toMatchObject({ closed: false, short: false, remaining: null });
});

it('closes when time is up or nothing is left, and is short before that', () => {
  expect(allowanceAt(allowance({ until: '2026-11-21T09:00:00Z', left: 3 }), NOW, 1).closed).toBe(true);
  expect(allowanceAt(allowance({ left: 0 }), NOW, 1)).toMatchObject({ closed: true, short: false });
  expect(allowanceAt(allowance({ left: 1 }), NOW, 2)).toMatchObject({ closed: false, short: true });
});

it('counts the text and each file', () => {
  expect([partsOf('', 0), partsOf(' \n', 1), partsOf('x', 2)]).toEqual([0, 1, 3]);
});
