// `npm run bench -- [NAME…] [options]`: builds what the bench drives, bundles it, and measures.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtApps } from '../built-apps.mjs';
import { startKafka } from '../kafka/cluster.mjs';
import { bundle } from '../typescript.mjs';
import { installPeers } from './peers/install.mjs';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.cache/bench', `${Date.now().toString(36)}-${process.pid}`);
const ends = [];
let apps;
process.chdir(root);

const bundled = (name) => bundle(`tools/bench/${name}.ts`, join(folder, `${name.replace('/', '-')}.js`));

async function endAll() {
  for (const each of ends.splice(0).reverse()) await each().catch(() => {});
}

async function end(code) {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

mkdirSync(folder, { recursive: true });
process.setSourceMapsEnabled(true);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end(130));
const { main } = await import(pathToFileURL(await bundled('main')).href);
const around = {
  folder,
  buildApps: () => (apps ??= builtApps(folder)),
  bundle: bundled,
  startKafka,
  installPeers,
  onEnd: (each) => ends.push(each),
  endAll,
};
await end(
  await main(process.argv.slice(2), around).catch((error) => {
    console.error(error);
    return 1;
  }),
);
