import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;

/**
 * Gets the schemas of Kubernetes and its operators: packages of this tool's own, so that nobody who only runs the product
 * installs 50 MB more. Throws in words where npm cannot.
 */
export function needModels() {
  if (installed() === locked()) return;
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`The schemas of Kubernetes cannot be installed in ${folder}:\n${stderr.slice(-1000)}`);
}

const versionsIn = (file) =>
  JSON.stringify(
    Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
      .filter(([name]) => name)
      .map(([name, { version }]) => [name, version]),
  );
const locked = () => versionsIn(join(folder, 'package-lock.json'));

function installed() {
  const file = join(folder, 'node_modules/.package-lock.json');
  return existsSync(file) ? versionsIn(file) : undefined;
}
