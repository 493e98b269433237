import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@yixian/contracts/testing';
import { freshDatabase } from '@yixian/database/testing';
import { startKafka } from '../../../tools/kafka/cluster.mjs';
import { freePort, RunningProcess } from './running-process.ts';
import { admin } from './admin-command.ts';

/** A whole system that serves customers and agents. */
export interface System {
  inboxUrl: string;
  demoUrl: string;
  /** Where mails are brought to. */
  mailPort: number;
  /** Where mails that are only shown as they would be sent can be seen; empty where there is none. */
  outboxUrl: string;
  /** An API token with the role admin. */
  token: string;
  /** kill -9 of every process of ours. */
  crash(): Promise<void>;
  /** Starts them again, on the same ports. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Both ways to run it: one process on an embedded database, and services on Kafka and PostgreSQL. */
export const modes: Record<string, () => Promise<System>> = {
  'in one process': startStandalone,
  'as services on Kafka and PostgreSQL': startServices,
};

async function startStandalone(): Promise<System> {
  const folder = await mkdtemp(join(tmpdir(), 'yixian-journey-'));
  const [port, internal, mailPort] = [await freePort(), await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const env = {
    PORT: `${port}`,
    INTERNAL_PORT: `${internal}`,
    MAIL_IN_PORT: `${mailPort}`,
    DATA_DIR: folder,
    HOST: '',
    LOG_LEVEL: 'warn',
  };
  const process = new RunningProcess('standalone/main.js', env);
  await process.start();
  await eventually(() => process.output.some((line) => line.includes('/demo')), 30_000);
  return {
    inboxUrl: url,
    demoUrl: `${url}/demo`,
    mailPort,
    outboxUrl: process.output.join('\n').match(/http\S+\/mail\/outbox\S+/)?.[0] ?? '',
    token: await admin(env, 'token', 'create', '--role', 'admin'),
    crash: () => process.crash(),
    start: () => process.start(),
    async remove() {
      await process.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startServices(): Promise<System> {
  const [kafka, database] = await Promise.all([startKafka({ brokers: 1 }), freshDatabase({ parts: [] })]);
  const media = await mkdtemp(join(tmpdir(), 'yixian-journey-'));
  const around = {
    DATABASE_URL: database.url,
    KAFKA_BROKERS: kafka.brokers.join(','),
    YIXIAN_SECRET: 'a secret of this journey alone, forty characters',
    MEDIA_FOLDER: media,
    LOG_LEVEL: 'warn',
    HOST: '',
  };
  const service = async (name: string, settings: Record<string, string> = {}) => {
    const [port, internal] = await Promise.all([freePort(), freePort()]);
    const env = { ...around, PORT: `${port}`, INTERNAL_PORT: `${internal}`, ...settings };
    return { port, process: new RunningProcess(`${name}/main.js`, env) };
  };
  const mailPort = await freePort();
  const hub = await service('conversation-hub');
  const chat = await service('chat-widget');
  const mail = await service('email-adapter', { MAIL_IN_PORT: `${mailPort}` });
  const processes = [hub, chat, mail].map(({ process }) => process);
  const crash = async () => void (await Promise.all(processes.map((process) => process.crash())));
  const start = async () => void (await Promise.all(processes.map((process) => process.start())));
  // The hub makes what the others look for.
  await hub.process.start();
  await Promise.all([chat.process.start(), mail.process.start()]);
  const inboxUrl = `http://localhost:${hub.port}`;
  const token = await admin(around, 'token', 'create', '--role', 'admin');
  await makeDemoSite(inboxUrl, token);
  return {
    inboxUrl,
    demoUrl: `http://localhost:${chat.port}/demo`,
    mailPort,
    outboxUrl: '',
    token,
    crash,
    start,
    async remove() {
      await Promise.all(processes.map((process) => process.stop()));
      await database.close();
      await kafka.down();
      await rm(media, { recursive: true, force: true });
    },
  };
}

/** As an administrator does: once the chat channel has announced itself. */
async function makeDemoSite(inboxUrl: string, token: string): Promise<void> {
  const settings = { origins: ['http://localhost:*'], title: '一线小店' };
  await eventually(async () => {
    const answer = await fetch(`${inboxUrl}/api/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'demo', channel: 'chat', name: '一线小店', settings }),
    });
    return answer.status === 201;
  }, 30_000);
}
