import { EventEmitter } from 'node:events';
import { beforeEach, expect, it } from '@jest/globals';
import { TestClock } from '@yixian/contracts/testing';
import type { Consumer } from 'kafkajs';
import type { Leaders } from '../leaders.ts';
import { Vigil } from './vigil.ts';

const HEARTBEAT_MS = 2_000;
const BROKER = '1';
const topic = 'letters';

let clock: TestClock;
let happens: EventEmitter;
let busy: boolean;
let vigil: Vigil;

beforeEach(() => {
  [clock, happens, busy] = [new TestClock(), new EventEmitter(), false];
  const events = Object.fromEntries(
    ['REBALANCING', 'GROUP_JOIN', 'HEARTBEAT', 'FETCH_START', 'FETCH'].map((name) => [name, name]),
  );
  const consumer = { events, on: (name: string, heard: () => void) => happens.on(name, heard) };
  vigil = new Vigil({
    consumer: consumer as unknown as Consumer,
    topic,
    // One broker, which leads everything and goes on to do so.
    leaders: { learn: async () => undefined, known: () => true, leads: () => true } as unknown as Leaders,
    clock,
    heartbeatMs: HEARTBEAT_MS,
    fetchMs: 2_000,
    joinMs: 3_000,
    busy: () => busy,
  });
  happens.emit('GROUP_JOIN');
});

const tell = (name: string) => happens.emit(name, { payload: { nodeId: BROKER } });

/** Looks every half second, as its member does, until it finds something or the time is over. */
async function watch(ms: number, meanwhile: () => void = () => undefined): Promise<string | undefined> {
  for (let passed = 0; passed < ms; passed += 500) {
    clock.advance(500);
    meanwhile();
    const found = await vigil.look();
    if (found) return found;
  }
  return undefined;
}

it('finds nothing while heartbeats and fetches are answered', async () => {
  const answered = () => (tell('HEARTBEAT'), tell('FETCH_START'), tell('FETCH'));
  expect(await watch(60_000, answered)).toBeUndefined();
});

it('finds that no heartbeat is answered, unless something is being delivered', async () => {
  busy = true;
  expect(await watch(60_000)).toBeUndefined();
  busy = false;
  expect(await watch(10_000)).toBe('The coordinator answers no heartbeat.');
});

it('finds a fetch that is never settled, of a broker that goes on to lead', async () => {
  tell('FETCH_START');
  expect(await watch(20_000, () => tell('HEARTBEAT'))).toBe('Broker 1 was never heard of again.');
});
