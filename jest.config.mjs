import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from './jest.preset.mjs';

const folders = ['apps', 'libs', 'tools'].flatMap((parent) =>
  readdirSync(join(import.meta.dirname, parent)).map((name) => `${parent}/${name}`),
);
const nameOf = (folder) =>
  JSON.parse(readFileSync(join(import.meta.dirname, folder, 'project.json'), 'utf8')).name;

export default {
  // What a test waits for is an event, never the time: this only ends what would wait for ever, on a busy machine too.
  testTimeout: 30_000,
  testSequencer: './jest.sequencer.mjs',
  projects: folders
    .filter((folder) => existsSync(join(import.meta.dirname, folder, 'project.json')))
    .map((folder) => project(nameOf(folder), folder)),
};
