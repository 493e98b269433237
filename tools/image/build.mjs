import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASE, needBase } from './base.mjs';
import { buildah } from './buildah.mjs';
import { run } from './command.mjs';

const root = join(import.meta.dirname, '../..');

/** The targets of docker/Dockerfile that are images. */
export const TARGETS = ['slim', 'full'];
export const imageOf = (target) => `localhost/yixian:${target}`;

/** What the build is told of where it comes from: the arguments of docker/Dockerfile that its labels show. */
export function readOrigin() {
  const git = (...args) => run('git', args, { cwd: root });
  return {
    VERSION: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    REVISION: git('rev-parse', 'HEAD'),
    CREATED: git('log', '-1', '--format=%cI'),
    NODE_IMAGE: BASE,
  };
}

/** Builds docker/Dockerfile, one image for each target, with the `origin` that its labels are to show. */
export function buildImages({ pull, origin }) {
  needBase({ pull });
  for (const target of TARGETS) {
    const from = Date.now();
    const options = [
      '--isolation',
      'chroot',
      '--network',
      'host',
      '--pull-never',
      '--layers',
      '--format',
      'docker',
    ];
    const args = Object.entries(origin).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    const what = ['--target', target, '--tag', imageOf(target), '-f', 'docker/Dockerfile', '.'];
    const show = process.env.CI !== undefined || process.argv.includes('--verbose');
    buildah(['bud', ...options, ...args, ...what], { show });
    console.log(
      `built ${imageOf(target)} in ${((Date.now() - from) / 1000).toFixed(0)} s, ${sizeOf(imageOf(target))}`,
    );
  }
}

const sizeOf = (image) => buildah(['images', '--format', '{{.Size}}', image]);
