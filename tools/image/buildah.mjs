import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';

const root = join(import.meta.dirname, '../..');

/** Where images, containers and the base are kept between runs. Ignored by git. */
export const CACHE = join(root, '.cache/image');
mkdirSync(CACHE, { recursive: true });

const storage = [
  '--root',
  join(CACHE, 'storage'),
  '--runroot',
  join(CACHE, 'run'),
  '--storage-driver',
  'overlay',
];

/** Buildah, with storage of our own: nothing else on the machine sees these images. */
export const buildah = (args, options) => run('buildah', [...storage, ...args], { cwd: root, ...options });

/** Whether the image is in the storage. */
export function hasImage(name) {
  return buildah(['images', '--format', '{{.Name}}:{{.Tag}}']).split('\n').includes(name);
}

/** What an image says of itself: the `config` of the OCI image specification, with Docker's additions. */
export const configOf = (image) => JSON.parse(buildah(['inspect', '--type', 'image', image])).Docker.config;
