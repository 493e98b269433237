import { describe, expect, it } from '@jest/globals';
import { TestClock } from '@yixian/contracts/testing';
import { openLog } from './log/logger.ts';
import { Teardown } from './teardown.ts';

describe('stopping', () => {
  const said: string[] = [];
  const log = openLog({ name: 'test', level: 'warn', to: { write: (line) => void said.push(line) } });

  it('undoes the last first, once, and goes on after a step that fails', async () => {
    const order: string[] = [];
    const teardown = new Teardown(new TestClock(), log);
    teardown.add('database', () => void order.push('database'));
    teardown.add('bus', () => Promise.reject(new Error('away')));
    teardown.add('apps', async () => void order.push('apps'));
    expect(await Promise.all([teardown.run(1000), teardown.run(1000)])).toEqual([true, true]);
    expect(order).toEqual(['apps', 'database']);
    expect(said.join()).toContain('"step":"bus"');
  });

  it('begins the next step when one takes its share of the time, and is well when that ends it', async () => {
    const clock = new TestClock();
    const teardown = new Teardown(clock, log);
    let endBatch = (): void => {};
    let closed = (): void => {};
    const closing = new Promise<void>((resolve) => (closed = resolve));
    teardown.add('database', () => {
      endBatch();
      closed();
    });
    teardown.add('consumers', () => new Promise<void>((resolve) => (endBatch = resolve)), { by: 0.3 });
    const stopped = teardown.run(10_000);
    clock.advance(3_000);
    await closing;
    expect(await stopped).toBe(true);
    expect(said.at(-1)).toContain('"step":"consumers"');
  });

  it('gives up at the deadline and says at what', async () => {
    const clock = new TestClock();
    const teardown = new Teardown(clock, log);
    teardown.add('sockets', () => new Promise(() => {}));
    const stopped = teardown.run(10_000);
    clock.advance(10_000);
    expect(await stopped).toBe(false);
    expect(said.at(-1)).toContain('"step":"sockets"');
  });
});
