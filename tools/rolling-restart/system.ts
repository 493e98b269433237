import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testServer } from '@yixian/database/testing';
import type { TestServer } from '@yixian/database/testing';
import type { KafkaCluster } from '../kafka/cluster.mjs';
import { makeAccount, newToken, SITE } from '../torture/system.ts';
import { Balancer } from './balancer.ts';
import { Replica } from './replica.ts';
import { Service } from './service.ts';

export interface Means {
  folder: string;
  /** The built apps. */
  apps: string;
  startKafka: (options: { brokers: 1 }) => Promise<KafkaCluster>;
  onWrong: (who: string, says: string) => void;
  /** A replica is ready (`why` is empty), or is not any more. */
  onReadiness: (replica: string, why: string) => void;
  /** What must not outlive the run. */
  onEnd: (end: () => Promise<unknown> | void) => void;
}

/** Every service, in replicas behind balancers, on a PostgreSQL and a Kafka of its own. */
export interface ReplicatedSystem {
  services: Service[];
  visitorUrl: string;
  deskUrl: string;
  tokens: string[];
  databaseUrl: string;
}

const REPLICAS = 2;
const AGENTS = 3;

export async function startSystem(means: Means): Promise<ReplicatedSystem> {
  const server = await testServer();
  means.onEnd(() => server.remove());
  const kafka = await means.startKafka({ brokers: 1 });
  means.onEnd(() => kafka.down());
  const env = environment(means, server, kafka);
  await promisify(execFile)(process.execPath, [join(means.apps, 'standalone/main.js'), 'migrate'], { env });
  const services: Service[] = [];
  for (const app of servicesIn(means.apps)) services.push(await startService(app, env, means));
  const urlOf = (name: string): string => services.find((one) => one.name === name)!.balancer.url;
  const tokens: string[] = [];
  for (let i = 0; i < AGENTS; i++) tokens.push(await newToken(means.apps, env));
  const deskUrl = urlOf('conversation-hub');
  const settings = { origins: ['http://localhost:*'], title: '一线小店' };
  await makeAccount({ id: SITE, channel: 'chat', settings }, deskUrl, tokens[0]!);
  return { services, visitorUrl: urlOf('chat-widget'), deskUrl, tokens, databaseUrl: server.url() };
}

const servicesIn = (apps: string): string[] =>
  readdirSync(apps).filter((app) => app !== 'standalone' && existsSync(join(apps, app, 'main.js')));

async function startService(app: string, env: Record<string, string>, means: Means): Promise<Service> {
  const balancer = await Balancer.open(means.onReadiness);
  means.onEnd(() => balancer.close());
  const script = join(means.apps, app, 'main.js');
  const service = new Service(app, balancer, (number) => {
    const name = `${app}-${number}`;
    const log = join(means.folder, `${name}.log`);
    return new Replica(name, { script, env, log, onWrong: means.onWrong });
  });
  means.onEnd(() => service.kill());
  await service.start(REPLICAS);
  return service;
}

const environment = (means: Means, server: TestServer, kafka: KafkaCluster): Record<string, string> => ({
  DATABASE_URL: server.url(),
  KAFKA_BROKERS: kafka.brokers.join(','),
  MIGRATE: 'wait',
  YIXIAN_SECRET: 'a secret of this test alone, forty characters',
  DATA_DIR: join(means.folder, 'data'),
  HOST: '127.0.0.1',
  // All customers of the load come from one address.
  VISITOR_CONNECTS_PER_SECOND: '2000',
  VISITOR_MESSAGES_PER_SECOND: '2000',
  CONNECTIONS_PER_SECOND: '2000',
});
