import { join } from 'node:path';
import { systemClock } from '@yixian/contracts';
import { StandaloneApp } from './app.ts';
import type { Around } from './bench.ts';
import { LoadProcess } from './e2e/load-process.ts';
import type { Measured } from './figures.ts';
import type { Options } from './options.ts';

/** From nothing to the first stored message, and the same again on the data that is there then. */
export async function* benchStart(options: Options, around: Around): AsyncIterable<Measured> {
  const apps = around.buildApps();
  const script = await around.bundle('e2e/load');
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < options.runs; round++) {
    const folder = join(around.folder, `data-${round}`);
    for (const times of [cold, warm]) {
      const load = new LoadProcess(script);
      const from = systemClock.monotonic();
      const app = await StandaloneApp.start({ apps, folder });
      around.onEnd(() => app.stop());
      const serving = systemClock.monotonic();
      // The token is for the agent who sees it; making one starts a process, which is no part of the start.
      const token = await app.newToken();
      const ready = systemClock.monotonic();
      await load.obey({ do: 'connect', port: app.port, token, visitors: 1 });
      times.push((systemClock.monotonic() - ready + serving - from) / 1000);
      await load.end();
      await app.stop();
    }
  }
  yield {
    name: 'start, cold: to the first message on an agent’s socket',
    unit: 's',
    values: cold,
    target: { atMost: 3 },
  };
  yield {
    name: 'start, warm: to the first message on an agent’s socket',
    unit: 's',
    values: warm,
    target: { atMost: 1 },
  };
}
