export { freshDatabase } from './fresh-database.ts';
export { testServer, TestServer } from './test-server.ts';
