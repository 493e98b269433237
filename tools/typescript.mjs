// How tools written in TypeScript come to run: bundled with our libraries, packages left outside.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const ours = (id) => /^[./]/.test(id) || id.startsWith('@yixian/') || id.startsWith('@oxc-');

/** Bundles `input`, a path from the root of the workspace, into `file`. */
export async function bundle(input, file) {
  const made = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    tsconfig: 'tsconfig.base.json',
    external: (id) => !ours(id),
  });
  await made.write({ file, format: 'esm', sourcemap: true, codeSplitting: false });
  return file;
}

/** Runs a TypeScript file once, in this process, from the root of the workspace. */
export async function run(input) {
  process.chdir(root);
  const file = join(root, '.cache', `${input.replaceAll(/\W+/g, '-')}.${process.pid}.mjs`);
  try {
    await import(pathToFileURL(await bundle(input, file)).href);
  } finally {
    await rm(file, { force: true });
    await rm(`${file}.map`, { force: true });
  }
}
