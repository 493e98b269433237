// `npm run -s mail -- parse FILE…`, from any folder: npm runs scripts in the root of the workspace and tells in
// INIT_CWD where it was called.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const from = process.env.INIT_CWD ?? process.cwd();
const [command, ...files] = process.argv.slice(2);
const absolute = (file) => {
  const called = resolve(from, file);
  return existsSync(called) ? called : resolve(file);
};
process.argv = [
  ...process.argv.slice(0, 2),
  'email-adapter/mail',
  ...(command === undefined ? [] : [command]),
  ...files.map(absolute),
];
await import('./start.mjs');
