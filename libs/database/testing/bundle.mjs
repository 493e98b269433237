// Bundles the TypeScript file of the first argument, with our libraries, into the file of the second.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

/** Bundles of runs that ended long ago, in ms. */
const OLD = 3_600_000;

const [input, file] = process.argv.slice(2);
const ours = (id) =>
  id.startsWith('.') || id.startsWith('/') || id.startsWith('@yixian/') || id.startsWith('@oxc-');
const bundle = await rolldown({
  input,
  platform: 'node',
  tsconfig: 'tsconfig.base.json',
  external: (id) => !ours(id),
});
await bundle.write({ file, format: 'esm', codeSplitting: false });

await mkdir(dirname(file), { recursive: true });
for (const name of await readdir(dirname(file))) {
  const path = join(dirname(file), name);
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > OLD) await rm(path, { force: true });
}
