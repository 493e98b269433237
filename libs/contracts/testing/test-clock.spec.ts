import { pause } from '../src/clock.ts';
import { TestClock } from './test-clock.ts';

it('runs what falls due, in order, at its time', () => {
  const clock = new TestClock(0);
  const seen: [string, number][] = [];
  clock.after(20, () => seen.push(['late', clock.now()]));
  clock.after(10, () => {
    seen.push(['early', clock.now()]);
    clock.after(5, () => seen.push(['nested', clock.now()]));
  });
  const cancel = clock.after(12, () => seen.push(['never', clock.now()]));
  cancel();
  clock.advance(30);
  expect(seen).toEqual([
    ['early', 10],
    ['nested', 15],
    ['late', 20],
  ]);
  expect(clock.now()).toBe(30);
});

it('ends a pause at its time or when told to stop', async () => {
  const clock = new TestClock();
  const stop = new AbortController();
  const waits = [pause(clock, 1000), pause(clock, 60_000, stop.signal)];
  clock.advance(1000);
  stop.abort();
  await expect(Promise.all(waits)).resolves.toHaveLength(2);
});
