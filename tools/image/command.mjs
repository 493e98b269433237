import { spawnSync } from 'node:child_process';

/** Runs a program to its end and gives what it printed. Throws with what it said when it fails. */
export function run(program, args, { input, show = false, cwd } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
  });
  if (status === 0) return (stdout ?? '').trim();
  const said = `${stdout ?? ''}${stderr ?? ''}`.trim().slice(-4000);
  throw new Error(`${program} ${args.join(' ').slice(0, 200)} failed:\n${error?.message ?? said}`);
}

export const canRun = (program) => !spawnSync(program, ['--version'], { stdio: 'ignore' }).error;
