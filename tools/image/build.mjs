import { BASE, needBase } from './base.mjs';
import { buildah } from './buildah.mjs';

/** The targets of docker/Dockerfile that are images. */
export const TARGETS = ['slim', 'full'];
export const imageOf = (target) => `localhost/yixian:${target}`;

/** Builds docker/Dockerfile, one image for each target. */
export function buildImages({ pull }) {
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
    const args = ['--build-arg', `NODE_IMAGE=${BASE}`];
    buildah(
      [
        'bud',
        ...options,
        ...args,
        '--target',
        target,
        '--tag',
        imageOf(target),
        '-f',
        'docker/Dockerfile',
        '.',
      ],
      {
        show: process.env.CI !== undefined || process.argv.includes('--verbose'),
      },
    );
    console.log(
      `built ${imageOf(target)} in ${((Date.now() - from) / 1000).toFixed(0)} s, ${sizeOf(imageOf(target))}`,
    );
  }
}

const sizeOf = (image) => buildah(['images', '--format', '{{.Size}}', image]);
