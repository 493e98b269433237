import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, it, jest } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const SECONDS = 120;
/** Building, starting, the faults, and time to become right again. */
jest.setTimeout(4 * SECONDS * 1000);

const stops: (() => void)[] = [];
afterAll(() => stops.forEach((stop) => stop()));

/** Runs the torture as a person does; gives its exit code and all it printed. */
async function torture(...options: string[]): Promise<{ code: number | null; printed: string }> {
  const args = ['tools/torture/torture.mjs', '--seconds', `${SECONDS}`, '--rate', '50', ...options];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  stops.push(() => child.kill('SIGTERM'));
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, printed };
}

it.each([
  ['in one process, on the log in PostgreSQL', ['--seed', '1']],
  ['as services, on Kafka', ['--seed', '2', '--kafka']],
])(
  'nothing is lost, doubled or out of order while everything is broken for two minutes: %s',
  async (_, options) => {
    const { code, printed } = await torture(...options);
    const lines = printed.trim().split('\n');
    expect(lines.at(-1)).toMatch(/^Seed \d+: [1-9]\d* messages acknowledged .* 0 violations\.$/);
    expect(code).toBe(0);
  },
);
