// `npm run test:image [-- --pull] [-- --verbose]`: builds docker/Dockerfile with Buildah and runs every service from it, as
// uid 1000 on a root that cannot be written, on a real Kafka and PostgreSQL. `--pull` takes the published base image;
// without it one like it is made of Debian's packages and npm's. The last line is `N passed, N failed`.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startKafka } from '../kafka/cluster.mjs';
import { bundle } from '../typescript.mjs';
import { buildImages, imageOf, readOrigin, TARGETS } from './build.mjs';
import { Container } from './container.mjs';
import { needTools } from './needs.mjs';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.cache/test-image', `${process.pid}`);
const ends = [];
process.chdir(root);

async function end(code) {
  for (const each of ends.splice(0).reverse()) await Promise.resolve(each()).catch(console.error);
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end(130));
try {
  needTools();
  const origin = readOrigin();
  buildImages({ pull: process.argv.includes('--pull'), origin });
  mkdirSync(folder, { recursive: true });
  const main = await bundle('tools/image/check-images.ts', join(folder, 'main.js'));
  const { checkImages } = await import(pathToFileURL(main).href);
  const images = TARGETS.map((target) => ({
    target,
    container: new Container(imageOf(target), join(folder, target)),
  }));
  ends.push(() => images.forEach(({ container }) => container.remove()));
  const { passed, failed } = await checkImages({
    images,
    origin,
    startKafka,
    onEnd: (each) => ends.push(each),
  });
  console.log(`${passed} passed, ${failed} failed`);
  await end(failed === 0 ? 0 : 1);
} catch (error) {
  console.error(error.message);
  await end(1);
}
