export type { BusHarness, OpenHarness } from './bus-harness.ts';
export { busSuite } from './bus-suite.ts';
export * from './sample-topics.ts';
