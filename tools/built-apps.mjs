import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Builds the apps and copies them into `folder`, so that a build meanwhile does not change what is being run. */
export function builtApps(folder) {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const projects = '--projects=standalone,conversation-hub,chat-widget,email-adapter,wechat-adapter';
  const args = [nx, 'run-many', '-t', 'build', projects, '--outputStyle=static'];
  const env = { ...process.env, NX_DAEMON: 'false' };
  const built = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}\nThe build failed.`);
  const apps = join(folder, 'apps');
  cpSync(join(root, 'dist/apps'), apps, { recursive: true });
  return apps;
}
