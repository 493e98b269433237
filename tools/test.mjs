// `npm test`: checks (types, lint, format, architecture), then every suite of every project. What a suite needs
// (Chromium, Kafka) is fetched first; where it cannot be had, the suite that needs it fails and says why.
// The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });

function check(name, command, args) {
  const { status, stdout, stderr } = run(command, args, { stdio: 'pipe', encoding: 'utf8' });
  console.log(`${status === 0 ? 'PASS' : 'FAIL'} check ${name}`);
  if (status !== 0) console.log(`${stdout}${stderr}`);
  return status === 0;
}

const bin = (name) => join(root, 'node_modules/.bin', name);
const checks = [
  check('types', bin('tsc'), ['-p', 'tsconfig.json']),
  check('types of the inbox', bin('tsc'), ['-p', 'apps/agent-inbox']),
  check('types of the widget', bin('tsc'), ['-p', 'apps/chat-widget/ui']),
  check('lint', bin('oxlint'), ['--deny-warnings']),
  check('format', bin('prettier'), ['--check', '--log-level=warn', '.']),
  check('architecture', process.execPath, ['tools/architecture/architecture.mjs']),
  check('build', bin('nx'), ['run-many', '-t', 'build', '--outputStyle=static']),
];

const folder = mkdtempSync(join(tmpdir(), 'jest-'));
const report = join(folder, 'report.json');
run(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '-c',
    'jest.config.mjs',
    '--maxWorkers=2',
    '--json',
    `--outputFile=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 1 } = readReport();
rmSync(folder, { recursive: true, force: true });

const passed = numPassedTests + checks.filter(Boolean).length;
const failed = numFailedTests + numRuntimeErrorTestSuites + checks.filter((ok) => !ok).length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return {};
  }
}
