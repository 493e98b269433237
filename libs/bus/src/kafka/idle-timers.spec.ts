import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { kafkaClient } from './client.ts';

let silent: Server;

beforeEach(async () => {
  silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});

afterEach(() => void silent.close());

it('still ends a request that a broker never answers', async () => {
  const { port } = silent.address() as AddressInfo;
  const client = kafkaClient({
    brokers: [`127.0.0.1:${port}`],
    clientId: 'patient',
    log: pino({ level: 'silent' }),
    requestTimeoutMs: 100,
  });
  const admin = client.admin();
  await expect(admin.connect()).rejects.toThrow(/timed out/);
  await admin.disconnect();
});
