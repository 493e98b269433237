// `node tools/start.mjs <app>[/<command>] [arguments]`: builds what is stale (Nx knows what that is), then runs the
// app, or one of its commands, in this process.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const [what = 'standalone', ...args] = process.argv.slice(2);
const [app, command = 'main'] = what.split('/');

const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
const built = spawnSync(process.execPath, [nx, 'run', `${app}:build`, '--outputStyle=static'], {
  cwd: root,
  env: { ...process.env, NX_DAEMON: 'false' },
  encoding: 'utf8',
});
if (built.status !== 0) {
  process.stderr.write(`${built.stdout}${built.stderr}\nThe build of ${app} failed.\n`);
  process.exit(1);
}

const entry = join(root, 'dist/apps', app, `${command}.js`);
process.argv = [process.argv[0], entry, ...args];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(entry).href);
