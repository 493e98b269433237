// Writes k8s/components/kafka-strimzi/topics.yaml from libs/contracts.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '../..');
const file = join(root, '.cache/k8s-topics.mjs');
process.chdir(root);
const bundle = await rolldown({
  input: 'tools/k8s-check/write-topics.ts',
  platform: 'node',
  tsconfig: 'tsconfig.base.json',
  external: ['zod', 'yaml'],
});
await bundle.write({ file, format: 'esm' });
await import(pathToFileURL(file).href);
await rm(file);
