import { describe, expect, it } from '@jest/globals';
import { freeze } from './frozen-order.ts';

const rows = (ids: string) => [...ids].map((id) => ({ id }));
const shown = (live: string, frozen: string, gone = '') => {
  const list = freeze(rows(live), [...frozen], (id) => rows(gone).find((row) => row.id === id));
  return [list.shown.map((row) => row.id).join(''), list.waiting];
};

describe('freeze', () => {
  it('keeps the order whatever moves', () => expect(shown('cab', 'abc')).toEqual(['abc', 0]));
  it('lets new rows wait', () => expect(shown('xyabc', 'abc')).toEqual(['abc', 2]));
  it('lets older pages join at the end', () => expect(shown('abcde', 'abc')).toEqual(['abcde', 0]));
  it('keeps a row that has left the list', () => expect(shown('ac', 'abc', 'b')).toEqual(['abc', 0]));
});
