import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from './jest.preset.mjs';

const folders = ['apps', 'libs', 'tools'].flatMap((parent) =>
  readdirSync(join(import.meta.dirname, parent)).map((name) => `${parent}/${name}`),
);
const nameOf = (folder) =>
  JSON.parse(readFileSync(join(import.meta.dirname, folder, 'project.json'), 'utf8')).name;

export default {
  projects: folders
    .filter((folder) => existsSync(join(import.meta.dirname, folder, 'project.json')))
    .map((folder) => project(nameOf(folder), folder)),
};
