import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The apps that run as processes of their own, `standalone` among them. */
const runnableApps = () =>
  readdirSync(join(root, 'apps')).filter((app) => existsSync(join(root, 'apps', app, 'src/main.ts')));

/** Builds the apps and copies them into `folder`, so that a build meanwhile does not change what is being run. */
export function builtApps(folder) {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const projects = `--projects=${runnableApps().join(',')}`;
  const args = [nx, 'run-many', '-t', 'build', projects, '--outputStyle=static'];
  const env = { ...process.env, NX_DAEMON: 'false' };
  const built = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}\nThe build failed.`);
  const apps = join(folder, 'apps');
  cpSync(join(root, 'dist/apps'), apps, { recursive: true });
  return apps;
}
