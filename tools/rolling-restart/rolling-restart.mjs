// `npm run test:rolling-restart [-- --rounds 1 --rate 50 --seed 1]`: two replicas of every service on a real Kafka and
// PostgreSQL, restarted one by one under load.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtApps } from '../built-apps.mjs';
import { startKafka } from '../kafka/cluster.mjs';
import { bundle } from '../typescript.mjs';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.cache/rolling-restart', `${Date.now().toString(36)}-${process.pid}`);
const ends = [];
process.chdir(root);

async function end(code) {
  for (const each of ends.splice(0).reverse()) await Promise.resolve(each()).catch(() => {});
  process.exit(code);
}

mkdirSync(folder, { recursive: true });
process.setSourceMapsEnabled(true);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end(130));
const main = await bundle('tools/rolling-restart/main.ts', join(folder, 'main.js'));
const code = await (
  await import(pathToFileURL(main).href)
)
  .main(process.argv.slice(2), async () => ({
    folder,
    apps: builtApps(folder),
    loadScript: await bundle('tools/torture/load.ts', join(folder, 'load.js')),
    startKafka,
    onEnd: (each) => ends.push(each),
  }))
  .catch((error) => {
    console.error(error);
    return 1;
  });
await end(code);
