import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** Where it is built to, where it has to be. Ignored by git. */
const BUILT = join(root, '.cache/kustomize');
/** The newest that Go 1.22 builds. */
const VERSION = 'v5.6.0';

let found;

/** Renders a folder with Kustomize 5, fetched if that is possible here. Throws in words. */
export function kustomize(folder) {
  found ??= findKustomize();
  const { status, stdout, stderr } = run(...found, folder);
  if (status !== 0) throw new Error(`${folder} cannot be rendered:\n${stderr}`);
  return stdout;
}

const run = (program, ...args) => spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });

/** The command that renders: `kubectl` has had Kustomize 5 in it since 1.27; Debian 12 has an older one. */
function findKustomize() {
  const built = join(BUILT, 'kustomize');
  const candidates = [
    { command: ['kubectl', 'kustomize'], version: ['version', '--client'] },
    { command: ['kustomize', 'build'], version: ['version'] },
    { command: [built, 'build'], version: ['version'] },
  ];
  const good = candidates.find(({ command: [program], version }) =>
    /\bv5\.\d/.test(run(program, ...version).stdout ?? ''),
  );
  return good?.command ?? build(built);
}

function build(program) {
  mkdirSync(BUILT, { recursive: true });
  const env = { ...process.env, GOBIN: BUILT, CGO_ENABLED: '0', GOWORK: 'off' };
  const args = ['install', '-trimpath', `sigs.k8s.io/kustomize/kustomize/v5@${VERSION}`];
  const { error, stderr } = spawnSync('go', args, { env, encoding: 'utf8' });
  if (existsSync(program)) return [program, 'build'];
  throw new Error(
    'Kustomize 5 is needed to render k8s/: install kubectl 1.27 or newer, or kustomize, or Go to build it' +
      (error ? '.' : ` (which failed here: ${stderr.slice(-500)}).`),
  );
}
