import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** See `packages.d.mts`. */
export function needProgram(program, packages) {
  if (existsSync(program)) return;
  const isDebian = existsSync('/usr/bin/apt-get');
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
  if (isDebian && process.getuid?.() === 0) {
    if (install().status !== 0) {
      spawnSync('apt-get', ['update'], { stdio: 'ignore' });
      install();
    }
  }
  if (existsSync(program)) return;
  throw new Error(
    `${program} is not on this machine and could not be installed. On Debian or Ubuntu: apt-get install ${packages.join(' ')}`,
  );
}
