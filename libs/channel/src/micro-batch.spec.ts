import { describe, expect, test } from '@jest/globals';
import { MicroBatch } from './micro-batch.ts';

describe('a micro batch', () => {
  test('does at once what is asked for together, and gathers while it runs', async () => {
    const batches: number[][] = [];
    const batch = new MicroBatch(async (items: number[]) => {
      batches.push(items);
      await new Promise(setImmediate);
      return items.map((item) => item * 10);
    });
    const first = [batch.add(1), batch.add(2)];
    await Promise.resolve();
    const second = [batch.add(3), batch.add(4)];
    expect(await Promise.all([...first, ...second])).toEqual([10, 20, 30, 40]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('keeps to its size, and goes on after an error', async () => {
    const batch = new MicroBatch(async (items: number[]) => {
      if (items.includes(1)) throw new Error('no');
      return items;
    }, 1);
    await expect(batch.add(1)).rejects.toThrow('no');
    expect(await Promise.all([batch.add(2), batch.add(3)])).toEqual([2, 3]);
  });
});
