import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@yixian/contracts/testing';
import { admin } from './admin-command.ts';
import { DeskApi } from './desk-api.ts';
import { freePort, RunningProcess } from './running-process.ts';

let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yixian-start-'));
  env = {
    DATA_DIR: folder,
    PORT: `${await freePort()}`,
    INTERNAL_PORT: `${await freePort()}`,
    LOG_LEVEL: 'warn',
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const welcomed = (process: RunningProcess) =>
  eventually(() => process.output.some((line) => line.includes('/demo')), 30_000);
const passwordOf = ({ output }: RunningProcess) =>
  output
    .find((line) => line.includes('Password'))
    ?.trim()
    .split(/\s+/)
    .at(-1);

it('shows the first password once, lets its owner in, and is the same system after kill -9', async () => {
  const process = new RunningProcess('standalone/main.js', env);
  await process.start();
  await welcomed(process);
  const password = passwordOf(process);
  const token = await admin(env, 'token', 'create', '--role', 'admin');
  const api = new DeskApi(`http://127.0.0.1:${env.PORT}`, token);
  await api.hire('Mei');

  await process.crash();
  await process.start();
  await welcomed(process);
  expect(passwordOf(process)).toBeUndefined();
  const { agents } = await api.call<{ agents: { name: string }[] }>('GET', 'agents');
  expect(agents.map(({ name }) => name)).toEqual(expect.arrayContaining(['Admin', 'Mei']));
  const logIn = await fetch(`http://127.0.0.1:${env.PORT}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@example.com', password }),
  });
  expect(logIn.status).toBe(200);
  expect(await process.stop()).toBe(0);
}, 120_000);

it('says in words that the port is taken, and leaves nothing running', async () => {
  const other = createServer().listen(Number(env.PORT), '127.0.0.1');
  await once(other, 'listening');
  const process = new RunningProcess('standalone/main.js', { ...env, LOG_LEVEL: 'info' });
  await expect(process.start()).rejects.toThrow(new RegExp(`${env.PORT}.*PORT|PORT.*${env.PORT}`, 's'));
  other.close();
}, 60_000);

it('names every mistake in the settings at once', async () => {
  const process = new RunningProcess('standalone/main.js', {
    ...env,
    PORT: 'many',
    KAFKA_BROKERS: 'nowhere',
    DATABASE_URL: 'mysql://x',
  });
  await expect(process.start()).rejects.toThrow(/PORT[\s\S]*DATABASE_URL[\s\S]*KAFKA_BROKERS/);
}, 60_000);
