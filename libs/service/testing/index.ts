export { startTestApps } from './start-test-apps.ts';
export type { TestAppsOptions } from './start-test-apps.ts';
export { StallingClient } from './stalling-client.ts';
