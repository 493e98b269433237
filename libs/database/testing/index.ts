export { freshDatabase } from './fresh-database.ts';
export { testServer, TestServer } from './test-server.ts';
export { Child, startChild } from './child.ts';
export type { ChildOptions } from './child.ts';
