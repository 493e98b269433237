import { expect, it } from '@jest/globals';
import { TestClock } from '@yixian/contracts/testing';
import { Footprints } from './footprints.ts';

it('goes back to where it stood two seconds before it last got something, and only when it was told to', () => {
  const clock = new TestClock();
  const footprints = new Footprints(0, clock);
  for (const next of [10, 20, 30, 40]) {
    clock.advance(1000);
    footprints.step(next);
  }
  expect(footprints.goBack(40)).toBe(40);
  footprints.hold();
  clock.advance(60_000);
  footprints.step(50);
  expect(footprints.goBack(50)).toBe(20);
  expect(footprints.goBack(50)).toBe(50);
});

it('goes back to its beginning while it is young, and never forward', () => {
  const clock = new TestClock();
  const footprints = new Footprints(7, clock);
  footprints.step(9);
  footprints.hold();
  expect(footprints.goBack(9)).toBe(7);
  footprints.hold();
  expect(footprints.goBack(3)).toBe(3);
});
