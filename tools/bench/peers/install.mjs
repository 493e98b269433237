// Fetches the peers as Go modules, with the ordinary Go client, and builds them once.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const home = join(root, '.cache/peers');

/** Name of the program → the module it comes from, and the package in it with the build's own flags. */
const peers = {
  tinode: { module: 'github.com/tinode/chat', version: 'v0.22.13', build: ['-tags', 'postgres', './server'] },
  'tinode-init-db': {
    module: 'github.com/tinode/chat',
    version: 'v0.22.13',
    build: ['-tags', 'postgres', './tinode-db'],
  },
  centrifugo: { module: 'github.com/centrifugal/centrifugo/v5', version: 'v5.4.9', build: ['.'] },
};

/** Gives the paths of the programs, and of Tinode's sources, which its database is described in. */
export function installPeers() {
  mkdirSync(join(home, 'bin'), { recursive: true });
  for (const name of Object.keys(peers)) if (!existsSync(program(name))) build(name);
  const paths = Object.fromEntries(Object.keys(peers).map((name) => [name, program(name)]));
  return { ...paths, sources: sourcesOf(peers.tinode.module) };
}

const program = (name) => join(home, 'bin', name);
const sourcesOf = (module) => join(home, module.replaceAll('/', '+'));

function build(name) {
  const { module, version, build: args } = peers[name];
  const sources = sourcesOf(module);
  if (!existsSync(sources)) fetchModule(module, version, sources);
  go(['build', '-o', program(name), ...args], sources);
}

function fetchModule(module, version, sources) {
  // Asking for the exact version needs no list of versions, which not every proxy has.
  const empty = join(home, 'empty');
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, 'go.mod'), 'module peers\n\ngo 1.22\n');
  const { Dir } = JSON.parse(go(['mod', 'download', '-json', `${module}@${version}`], empty));
  const partial = `${sources}.partial`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(Dir, partial, { recursive: true });
  spawnSync('chmod', ['-R', 'u+w', partial]);
  rmSync(sources, { recursive: true, force: true });
  cpSync(partial, sources, { recursive: true });
  rmSync(partial, { recursive: true, force: true });
}

function go(args, cwd) {
  const { error, status, stdout, stderr } = spawnSync('go', args, { cwd, encoding: 'utf8' });
  if (error?.code === 'ENOENT')
    throw new Error(
      'The peers are Go programs: install Go 1.22 or newer (https://go.dev/dl/), with `go` in PATH.',
    );
  if (status !== 0) throw new Error(`go ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

if (process.argv[1] === import.meta.filename) console.log(installPeers());
