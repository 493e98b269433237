// The image that ours is built on. Where no registry of images is reached, one like it is made of Debian's packages
// and of Node.js from npm, under the same name.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildah, CACHE, hasImage } from './buildah.mjs';
import { run } from './command.mjs';

const dockerfile = readFileSync(join(import.meta.dirname, '../../docker/Dockerfile'), 'utf8');

/** `docker.io/library/node:24.21.0-bookworm-slim`: what the Dockerfile names. */
export const BASE = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile)[1];
const [, NODE_VERSION, DEBIAN] = /:([\d.]+)-(\w+)-slim$/.exec(BASE);
const NPM_VERSION = '11.19.1';
/** Trusted here beside what Debian trusts: of a proxy, perhaps. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Makes sure that the base is there. `pull`: as it is published. */
export function needBase({ pull }) {
  if (pull) return void buildah(['pull', BASE], { show: true });
  if (hasImage(BASE)) return;
  console.log(`Making ${BASE} of Debian ${DEBIAN} and Node.js ${NODE_VERSION} …`);
  const folder = join(CACHE, 'base');
  try {
    debian(folder);
    node(folder);
    commit(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function debian(folder) {
  rmSync(folder, { recursive: true, force: true });
  run('debootstrap', ['--variant=minbase', '--include=ca-certificates', DEBIAN, folder]);
  rmSync(join(folder, 'var/cache/apt/archives'), { recursive: true, force: true });
  run('chroot', [folder, 'groupadd', '--gid', '1000', 'node']);
  run('chroot', [folder, 'useradd', '--uid', '1000', '--gid', '1000', '--create-home', 'node']);
  if (existsSync(CERTIFICATES)) cpSync(CERTIFICATES, join(folder, CERTIFICATES));
}

function node(folder) {
  const fetched = join(CACHE, 'node');
  mkdirSync(fetched, { recursive: true });
  writeFileSync(join(fetched, 'package.json'), '{"private":true}\n');
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
  const binary = `node-linux-${architecture}`;
  run(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', `${binary}@${NODE_VERSION}`, `npm@${NPM_VERSION}`],
    {
      cwd: fetched,
    },
  );
  const local = join(folder, 'usr/local');
  cpSync(join(fetched, 'node_modules', binary, 'bin/node'), join(local, 'bin/node'), { mode: 0 });
  mkdirSync(join(local, 'lib/node_modules'), { recursive: true });
  cpSync(join(fetched, 'node_modules/npm'), join(local, 'lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
  rmSync(fetched, { recursive: true, force: true });
}

function commit(folder) {
  const container = buildah(['from', 'scratch']);
  buildah(['add', '--quiet', container, folder, '/']);
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  buildah([
    'config',
    '--env',
    path,
    '--env',
    `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`,
    '--cmd',
    'node',
    container,
  ]);
  buildah(['commit', '--quiet', '--rm', container, BASE]);
}
