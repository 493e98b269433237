// Writes docs/asyncapi.yaml from libs/contracts.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '../..');
const file = join(root, '.cache/asyncapi.js');
process.chdir(root);
const bundle = await rolldown({
  input: 'tools/asyncapi/write.ts',
  platform: 'node',
  tsconfig: 'tsconfig.base.json',
  external: ['zod', 'yaml'],
});
await bundle.write({ file, format: 'esm' });
await import(pathToFileURL(file).href);
await rm(file);
