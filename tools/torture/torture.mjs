// `npm run torture -- [options]`: builds the apps, bundles the tool, and breaks the running system on purpose.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtApps } from '../built-apps.mjs';
import { startKafka } from '../kafka/cluster.mjs';
import { bundle } from '../typescript.mjs';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.cache/torture', `${Date.now().toString(36)}-${process.pid}`);
const ends = [];
process.chdir(root);

const bundled = (name) => bundle(`tools/torture/${name}.ts`, join(folder, `${name}.js`));

async function end(code) {
  for (const each of ends.splice(0).reverse()) await each().catch(() => {});
  process.exit(code);
}

mkdirSync(folder, { recursive: true });
process.setSourceMapsEnabled(true);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end(130));
const { main } = await import(pathToFileURL(await bundled('main')).href);
const code = await main(process.argv.slice(2), async () => ({
  folder,
  apps: builtApps(folder),
  loadScript: await bundled('load'),
  postScript: await bundled('post/main'),
  startKafka,
  onEnd: (each) => ends.push(each),
})).catch((error) => {
  console.error(error);
  return 1;
});
if (process.argv.includes('--plan')) rmSync(folder, { recursive: true, force: true });
await end(code);
