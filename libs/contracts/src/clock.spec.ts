import { expect, it } from '@jest/globals';
import { TestClock } from '../testing/test-clock.ts';
import { waitAtMost } from './clock.ts';

it('waits for work that ends in time, and leaves no timer behind', async () => {
  const clock = new TestClock();
  await waitAtMost(clock, 1_000, Promise.resolve());
  await expect(waitAtMost(clock, 1_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(clock).toMatchObject({ waiting: [] });
});

it('goes on without work that takes longer', async () => {
  const clock = new TestClock();
  const waited = waitAtMost(clock, 1_000, new Promise(() => undefined));
  clock.advance(1_000);
  await expect(waited).resolves.toBeUndefined();
});
