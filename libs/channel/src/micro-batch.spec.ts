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
    const sizes: number[] = [];
    const batch = new MicroBatch(async (items: number[]) => {
      sizes.push(items.length);
      if (items.includes(1)) throw new Error('no');
      return items;
    });
    await expect(batch.add(1)).rejects.toThrow('no');
    const many = Array.from({ length: 500 }, (_, n) => n + 2);
    expect(await Promise.all(many.map((n) => batch.add(n)))).toEqual(many);
    expect(sizes).toEqual([1, 200, 200, 100]);
  });

  test('lets nobody suffer for one whose fault it is', async () => {
    const tried: number[][] = [];
    const work = async (items: number[]): Promise<number[]> => {
      tried.push(items);
      if (items.includes(2)) throw new Error('two is wrong');
      return items;
    };
    const batch = new MicroBatch(work, (error) => (error as Error).message === 'two is wrong');
    const settled = await Promise.allSettled([1, 2, 3].map((n) => batch.add(n)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(tried).toEqual([[1, 2, 3], [1], [2], [3]]);
  });
});
