// `npm test`: checks (types, lint, format, architecture), the deployments, then every suite of every project. What a
// suite needs (Chromium, Kafka, Kustomize) is fetched first; where it cannot be had, the suite that needs it fails and
// says why. The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, checkAll } from './check.mjs';

const root = join(import.meta.dirname, '..');
const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });

const nx = join(root, 'node_modules/.bin/nx');
const checks = [...checkAll(), check(['build', nx, ['run-many', '-t', 'build', '--outputStyle=static']])];

const deployed = deployments();

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

const passed = numPassedTests + deployed.passed + checks.filter(Boolean).length;
const failed =
  numFailedTests + numRuntimeErrorTestSuites + deployed.failed + checks.filter((ok) => !ok).length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** What is deployed on Kubernetes, and whether its check finds faults: run by Node itself, with packages of its own. */
function deployments() {
  const args = ['--test', '--test-reporter=tap', 'tools/k8s-check/faults.test.mjs'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const count = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0);
  const [good, bad] = [count('pass'), count('fail')];
  const fine = good > 0 && bad === 0;
  console.log(`${fine ? 'PASS' : 'FAIL'} deployments on Kubernetes (${good} tests)`);
  if (!fine) console.log(stdout);
  return { passed: good, failed: good + bad === 0 ? 1 : bad };
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return {};
  }
}
