// Checks the arrows between projects (from Nx's own graph) and what must be absent. Exit 1 names each violation.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAbsences, checkArrows } from './check.mjs';

const root = process.argv[2] ?? join(import.meta.dirname, '../..');

function projectGraph() {
  const folder = mkdtempSync(join(tmpdir(), 'graph-'));
  const file = join(folder, 'graph.json');
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  execFileSync(process.execPath, [nx, 'graph', `--file=${file}`], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { graph } = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  return graph;
}

function sourceFiles() {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'apps', 'libs', 'tools'], {
    cwd: root,
  });
  const paths = list
    .toString()
    .split('\n')
    .filter((path) => /\.(tsx?|mjs)$/.test(path));
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

const graph = projectGraph();
const problems = [...checkArrows(graph), ...checkAbsences(sourceFiles())];
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`architecture: ${Object.keys(graph.nodes).length} projects, no violation`);
