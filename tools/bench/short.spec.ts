import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from './figures.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Ratios to what the same machine did in the same minute, an order of magnitude away from where they stand: what goes
 * beyond them is a mistake, not a busy machine.
 */
const bounds: Record<string, { atMost: number } | { atLeast: number }> = {
  'ingest: processor time against the textbook': { atMost: 1 / 6 },
  'ingest: messages per second': { atLeast: 0.08 },
  'fan-out: processor time of one frame to one of 1,000 browsers': { atMost: 2.5 },
  'fan-out: processor time per message and browser, 20 together': { atMost: 0.5 },
};

it('costs no more beside its baselines than anybody would forgive', async () => {
  const args = ['tools/bench/bench.mjs', 'ingest', 'fanout', '--short', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const figures = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Figure);
  for (const [name, bound] of Object.entries(bounds)) {
    const ratio = figures.find((figure) => figure.name === name)?.ratio;
    expect({ name, ratio }).toEqual({ name, ratio: expect.any(Number) });
    if ('atMost' in bound) expect(ratio).toBeLessThanOrEqual(bound.atMost);
    else expect(ratio).toBeGreaterThanOrEqual(bound.atLeast);
  }
}, 240_000);
