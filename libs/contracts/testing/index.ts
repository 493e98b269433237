export { eventually } from './eventually.ts';
export { TestClock } from './test-clock.ts';
