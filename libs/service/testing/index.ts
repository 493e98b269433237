export { startTestApps } from './start-test-apps.ts';
export type { TestAppsOptions } from './start-test-apps.ts';
