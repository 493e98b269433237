import { TestClock } from '@yixian/contracts/testing';
import { Coalescer } from './coalescer.ts';

function gather() {
  const clock = new TestClock();
  const flushed: number[][] = [];
  const coalescer = new Coalescer<number>(
    clock,
    () => 20,
    (items) => flushed.push(items),
  );
  return { clock, flushed, coalescer };
}

it('lets the first go at once, and what follows within the window in one', () => {
  const { clock, flushed, coalescer } = gather();
  coalescer.add([1]);
  expect(flushed).toEqual([[1]]);
  coalescer.add([2]);
  clock.advance(10);
  coalescer.add([3, 4]);
  expect(flushed).toEqual([[1]]);
  clock.advance(10);
  expect(flushed).toEqual([[1], [2, 3, 4]]);
});

it('keeps the pace as long as things happen, and forgets it after a quiet window', () => {
  const { clock, flushed, coalescer } = gather();
  for (let n = 0; n < 60; n += 1) {
    coalescer.add([n]);
    clock.advance(1);
  }
  expect(flushed.map((items) => items.length)).toEqual([1, 19, 20, 20]);
  clock.advance(100);
  coalescer.add([60]);
  expect(flushed.flat()).toEqual(Array.from({ length: 61 }, (_, n) => n));
  expect(flushed.at(-1)).toEqual([60]);
});

it('says nothing of nothing, and nothing more once stopped', () => {
  const { clock, flushed, coalescer } = gather();
  coalescer.add([]);
  coalescer.add([1]);
  coalescer.add([2]);
  coalescer.stop();
  clock.advance(100);
  expect(flushed).toEqual([[1]]);
});

it('rests the longer, the longer a round took', () => {
  const clock = new TestClock();
  const flushed: number[][] = [];
  const slow = new Coalescer<number>(
    clock,
    (spentMs) => spentMs * 9,
    (items) => {
      flushed.push(items);
      clock.advance(items.length);
    },
  );
  slow.add([1]);
  slow.add([2, 3]);
  clock.advance(8);
  expect(flushed).toEqual([[1]]);
  clock.advance(1);
  expect(flushed).toEqual([[1], [2, 3]]);
});
