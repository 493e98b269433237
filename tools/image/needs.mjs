// What building and running an image needs, and how it is had.
import { canRun, run } from './command.mjs';

const packages = { buildah: 'buildah', debootstrap: 'debootstrap', unshare: 'util-linux' };

/** Installs what is missing, where that is possible; throws in words where it is not. */
export function needTools() {
  if (process.platform !== 'linux' || process.getuid() !== 0)
    throw new Error('The image is built and run by root on Linux: containers need mounts of their own.');
  const missing = Object.keys(packages).filter((program) => !canRun(program));
  if (missing.length === 0) return;
  const names = missing.map((program) => packages[program]);
  if (!canRun('apt-get')) throw new Error(`${missing.join(', ')} must be installed.`);
  console.log(`Installing ${names.join(', ')} …`);
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names]);
}
