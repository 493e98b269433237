export { channelSuite } from './channel-suite.ts';
export type { ChannelUnderTest, Written } from './channel-under-test.ts';
export { ACCOUNT, Stage } from './stage.ts';
export type { Process } from './stage.ts';
export { memoryStore } from './memory-store.ts';
