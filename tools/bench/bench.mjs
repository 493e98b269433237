// `npm run bench -- NAME [options]`: builds what the bench drives, bundles it, and measures.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.cache/bench', `${Date.now().toString(36)}-${process.pid}`);
const ends = [];
process.chdir(root);

async function bundle(name) {
  const ours = (id) => /^[./]/.test(id) || id.startsWith('@yixian/') || id.startsWith('@oxc-');
  const made = await rolldown({
    input: `tools/bench/${name}.ts`,
    platform: 'node',
    tsconfig: 'tsconfig.base.json',
    external: (id) => !ours(id),
  });
  const file = join(folder, `${name.replace('/', '-')}.js`);
  await made.write({ file, format: 'esm', sourcemap: true, codeSplitting: false });
  return file;
}

/** Builds the apps and takes a copy, so that a build meanwhile does not change what is being measured. */
function buildApps() {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const projects = '--projects=standalone,conversation-hub,chat-widget';
  const built = spawnSync(
    process.execPath,
    [nx, 'run-many', '-t', 'build', projects, '--outputStyle=static'],
    {
      env: { ...process.env, NX_DAEMON: 'false' },
      encoding: 'utf8',
    },
  );
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}\nThe build failed.`);
  const apps = join(folder, 'apps');
  cpSync(join(root, 'dist/apps'), apps, { recursive: true });
  return apps;
}

async function end(code) {
  for (const each of ends.splice(0).reverse()) await each().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

mkdirSync(folder, { recursive: true });
process.setSourceMapsEnabled(true);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end(130));
const { main } = await import(pathToFileURL(await bundle('main')).href);
const around = { folder, buildApps, bundle, onEnd: (each) => ends.push(each) };
await end(
  await main(process.argv.slice(2), around).catch((error) => {
    console.error(error);
    return 1;
  }),
);
