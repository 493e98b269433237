import { eventually } from '@yixian/contracts/testing';
import { TestClock } from '@yixian/contracts/testing';
import pino from 'pino';
import type { Access } from '../../agents/access.ts';
import type { Caller } from '../http/caller.ts';
import type { DeskClient } from './desk-client.ts';
import { DeskClients } from './desk-clients.ts';
import { isSameOrigin } from './same-origin.ts';
import { SocketAccess } from './socket-access.ts';

it('cuts off within 30 s those whose session or token has ended', async () => {
  const clock = new TestClock();
  const cut: string[] = [];
  const clients = new DeskClients();
  const callers = ['here', 'gone'].map((id) => ({ id }) as Caller);
  for (const caller of callers)
    clients.add({ caller, cut: () => cut.push(caller.id) } as unknown as DeskClient);
  const access = { stillHere: async () => new Set(callers.slice(0, 1)) } as unknown as Access;
  const desk = { publicUrl: undefined, trustProxy: 0, inboxDir: '', connectionsPerSecond: 1 };
  const sweeping = new SocketAccess(clock, pino({ level: 'silent' }), desk, access, clients);
  sweeping.onApplicationBootstrap();
  clock.advance(30_000);
  await eventually(() => expect(cut).toEqual(['gone']));
  sweeping.onModuleDestroy();
});

it.each([
  [{ origin: 'http://desk.example', host: 'desk.example' }, undefined, true],
  [{ origin: 'https://desk.example', host: 'hub.internal:3000' }, 'https://desk.example', true],
  [{ origin: 'http://desk.example', host: 'hub.internal:3000' }, 'https://desk.example', false],
  [{ origin: 'https://evil.example', host: 'desk.example' }, 'https://desk.example', false],
  [{ origin: 'null', host: 'desk.example' }, undefined, false],
  [{ host: 'desk.example' }, undefined, true],
  [{ host: 'desk.example', 'sec-fetch-site': 'same-origin' }, undefined, true],
  [{ host: 'desk.example', 'sec-fetch-site': 'same-site' }, undefined, false],
])('knows a page of ours: %j with %s', (headers, publicUrl, ours) => {
  expect(isSameOrigin(headers, publicUrl)).toBe(ours);
});
