import { describe, expect, test } from '@jest/globals';
import type { SendMessage } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import type { Command } from './command.ts';
import { LaneQueue } from './lane-queue.ts';
import type { Performed } from './lane-queue.ts';

const over: Performed = { over: true };
let position = 0;

function aCommand(address: string, change: Partial<Command> = {}): Command {
  position += 1;
  const data = { kind: 'message.send', channel: 'paper', account: 'main', address } as SendMessage;
  return {
    id: `${address}-${position}`,
    partition: 0,
    position,
    attempts: 0,
    takenAt: 0,
    dueInMs: 0,
    data,
    ...change,
  };
}

/** A queue whose commands end when the test says so. */
function aQueue(concurrency = 10) {
  const clock = new TestClock();
  const running = new Map<string, (performed: Performed) => void>();
  const queue = new LaneQueue({ clock, concurrency }, (command) => {
    return new Promise((resolve) => running.set(command.data.address, resolve));
  });
  const end = async (address: string, performed = over) => {
    running.get(address)!(performed);
    running.delete(address);
    await new Promise(setImmediate);
  };
  return { clock, queue, end, running: () => [...running.keys()] };
}

describe('a lane queue', () => {
  test('runs customers side by side and each one in order', async () => {
    const { queue, end, running } = aQueue();
    for (const address of ['ann', 'ann', 'bob']) queue.add(aCommand(address));
    expect(running()).toEqual(['ann', 'bob']);
    expect(queue.size).toBe(3);
    await end('ann');
    expect(running()).toEqual(['bob', 'ann']);
  });

  test('runs no more at a time than it may, and is fair', async () => {
    const { queue, end, running } = aQueue(1);
    for (const address of ['ann', 'ann', 'bob']) queue.add(aCommand(address));
    expect(running()).toEqual(['ann']);
    await end('ann');
    expect(running()).toEqual(['bob']);
  });

  test('takes no place for what has to wait', async () => {
    const { clock, queue, end, running } = aQueue(1);
    queue.add(aCommand('ann'));
    queue.add(aCommand('bob'));
    await end('ann', { over: false, afterMs: 1000 });
    expect(running()).toEqual(['bob']);
    await end('bob');
    expect(running()).toEqual([]);
    clock.advance(1000);
    expect(running()).toEqual(['ann']);
  });

  test('puts what comes late where it belongs, but not before what runs', async () => {
    const performed: Command[] = [];
    const gates: (() => void)[] = [];
    const queue = new LaneQueue({ clock: new TestClock(), concurrency: 1 }, async (command) => {
      performed.push(command);
      await new Promise<void>((resolve) => gates.push(resolve));
      return over;
    });
    const [first, second, third, fourth] = [1, 2, 3, 4].map(() => aCommand('ann'));
    for (const command of [second!, fourth!, first!, third!]) queue.add(command);
    for (let n = 0; n < 4; n++) {
      gates.shift()?.();
      await new Promise(setImmediate);
    }
    expect(performed).toEqual([second, first, third, fourth]);
  });

  test('tries again no sooner for what came late and belonged first', async () => {
    const { clock, queue, end, running } = aQueue(1);
    const [first, second] = [aCommand('ann'), aCommand('ann')];
    queue.add(aCommand('bob'));
    queue.add(second);
    queue.add(first);
    await end('bob');
    await end('ann', { over: false, afterMs: 1000 });
    expect(running()).toEqual([]);
    clock.advance(1000);
    expect(running()).toEqual(['ann']);
  });

  test('takes the same command once', async () => {
    const { queue, end, running } = aQueue();
    const command = aCommand('ann');
    queue.add(command);
    queue.add({ ...command });
    await end('ann');
    expect([running(), queue.size]).toEqual([[], 0]);
  });

  test('clears a lane: what waits goes, what runs is waited for, other lanes stay', async () => {
    const { clock, queue, end, running } = aQueue();
    queue.add(aCommand('runs'));
    queue.add(aCommand('runs'));
    queue.add(aCommand('later', { dueInMs: 1000 }));
    queue.add(aCommand('other', { partition: 1, dueInMs: 1000 }));
    let cleared = false;
    const clearing = queue.clear(0).then(() => (cleared = true));
    expect([queue.size, cleared]).toEqual([2, false]);
    await end('runs');
    await clearing;
    clock.advance(1000);
    expect(running()).toEqual(['other']);
  });

  test('starts nothing once it is halted', async () => {
    const { queue, end, running } = aQueue();
    queue.add(aCommand('ann'));
    queue.add(aCommand('ann'));
    queue.halt();
    await end('ann');
    expect([running(), queue.busy, queue.size]).toEqual([[], 0, 1]);
  });
});
