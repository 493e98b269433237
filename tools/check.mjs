// `npm run check`: types, lint, format, architecture.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules/.bin', name);

const all = [
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['types of the inbox', bin('tsc'), ['-p', 'apps/agent-inbox']],
  ['types of the widget', bin('tsc'), ['-p', 'apps/chat-widget/ui']],
  ['lint', bin('oxlint'), ['--deny-warnings']],
  ['format', bin('prettier'), ['--check', '--log-level=warn', '.']],
  ['architecture', process.execPath, ['tools/architecture/architecture.mjs']],
];

/** Runs a command and prints PASS, or FAIL and what it said. */
export function check([name, command, args]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  console.log(`${status === 0 ? 'PASS' : 'FAIL'} check ${name}`);
  if (status !== 0) console.log(`${stdout}${stderr}`);
  return status === 0;
}

/** Whether each check passes, in order. */
export const checkAll = () => all.map(check);

if (process.argv[1] === import.meta.filename) process.exit(checkAll().every(Boolean) ? 0 : 1);
