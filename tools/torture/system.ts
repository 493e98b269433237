import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pause, systemClock } from '@yixian/contracts';
import { testServer } from '@yixian/database/testing';
import type { TestServer } from '@yixian/database/testing';
import type { KafkaCluster } from '../kafka/cluster.mjs';
import { AppProcess } from './app-process.ts';
import type { Options } from './options.ts';
import { LetterBox } from './post/letter-box.ts';
import { POST, POST_ACCOUNT } from './post/post-channel.ts';
import { signalServer } from './postgres.ts';
import { Proxy } from './proxy.ts';
import { killsAlone, targetsOf } from './schedule.ts';

/** A process that can be broken and comes back. */
export interface Breakable {
  kill(): Promise<void>;
  stop(): Promise<void>;
  freeze(): Promise<void> | void;
  thaw(): Promise<void> | void;
  /** Starts it again; resolves when it serves, or when it is sure to by itself. */
  start(): Promise<void>;
}

/** A whole system that can be broken at every joint. */
export interface TortureSystem {
  processes: Map<string, Breakable>;
  links: Map<string, Proxy>;
  apps: AppProcess[];
  visitorUrls: string[];
  deskUrls: string[];
  postUrls: string[];
  letterBox: LetterBox;
  tokens: string[];
  /** Past every proxy. */
  databaseUrl: string;
  remove(): Promise<void>;
}

export const SITE = 'demo';
const AGENTS = 3;
const SOCKET = '.s.PGSQL.5432';

export interface Means {
  folder: string;
  /** The built apps. */
  apps: string;
  /** The bundled post office. */
  postScript: string;
  startKafka: (options: { brokers: 1 | 3 }) => Promise<KafkaCluster>;
  onWrong: (who: string, says: string) => void;
}

/** Starts PostgreSQL, Kafka when wanted, and the apps, with a proxy on every way that can have one. */
export async function startSystem(options: Options, means: Means): Promise<TortureSystem> {
  const server = await testServer();
  const kafka = options.kafka ? await means.startKafka({ brokers: options.brokers }) : undefined;
  const builder = new Builder(server, kafka, { ...means, log: options.log, waits: killsAlone(options) });
  const apps = targetsOf(options).processes.filter((name) => isApp.test(name));
  for (const name of apps) await builder.add(name);
  return builder.system(await LetterBox.open(options.seed));
}

const isApp = /^(app|hub|chat|post)\d/;

class Builder {
  private readonly processes = new Map<string, Breakable>();
  private readonly links = new Map<string, Proxy>();
  private readonly apps: AppProcess[] = [];
  private readonly around: Record<string, string>;

  constructor(
    private readonly server: TestServer,
    private readonly kafka: KafkaCluster | undefined,
    private readonly means: Means & { log: string; waits: boolean },
  ) {
    this.around = {
      YIXIAN_SECRET: 'a secret of the torture alone, forty characters',
      DATA_DIR: join(means.folder, 'data'),
      LOG_LEVEL: means.log,
      HOST: '127.0.0.1',
      VISITOR_CONNECTS_PER_SECOND: '2000',
      VISITOR_MESSAGES_PER_SECOND: '2000',
      CONNECTIONS_PER_SECOND: '2000',
      ...(kafka && { KAFKA_BROKERS: kafka.brokers.join(',') }),
    };
    this.processes.set('postgres', breakablePostgres(server));
    kafka?.brokers.forEach((_, index) =>
      this.processes.set(`broker${index + 1}`, breakableBroker(kafka, index + 1)),
    );
  }

  async add(name: string): Promise<void> {
    const port = await freePort();
    const env = {
      ...this.around,
      // The post office has a door of its own beside that of every service.
      PORT: name.startsWith('post') ? '0' : `${port}`,
      POST_PORT: `${port}`,
      INTERNAL_PORT: `${await freePort()}`,
      DATABASE_URL: await this.databaseThroughProxy(name),
    };
    const { folder, onWrong } = this.means;
    const script = this.scriptOf(name);
    const app = new AppProcess(name, { script, env, log: join(folder, `${name}.log`), onWrong });
    this.apps.push(app);
    app.start();
    await app.ready();
    this.processes.set(name, breakableApp(app, this.means.waits));
    this.links.set(`customers-${name}`, await Proxy.open({ host: '127.0.0.1', port }));
  }

  async system(letterBox: LetterBox): Promise<TortureSystem> {
    const env = { ...this.around, DATABASE_URL: this.server.url() };
    const tokens: string[] = [];
    for (let i = 0; i < AGENTS; i++) tokens.push(await newToken(this.means.apps, env));
    const deskUrls = this.urlsOf(/^(app|hub)/);
    const settings = { origins: ['http://localhost:*'], title: '一线小店' };
    if (this.kafka) await makeAccount({ id: SITE, channel: 'chat', settings }, deskUrls[0]!, tokens[0]!);
    const post = { id: POST_ACCOUNT, channel: POST, settings: { letterBox: letterBox.url } };
    await makeAccount(post, deskUrls[0]!, tokens[0]!);
    return {
      processes: this.processes,
      links: this.links,
      apps: this.apps,
      visitorUrls: this.urlsOf(/^(app|chat)/),
      deskUrls,
      postUrls: this.urlsOf(/^post/),
      letterBox,
      tokens,
      databaseUrl: this.server.url(),
      remove: () => this.remove().finally(() => letterBox.close()),
    };
  }

  private async remove(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.kill()));
    for (const link of this.links.values()) await link.close();
    await this.kafka?.down();
    await this.server.remove();
  }

  private scriptOf(name: string): string {
    const { apps, postScript } = this.means;
    if (name.startsWith('post')) return postScript;
    const app = name.startsWith('hub')
      ? 'conversation-hub'
      : name.startsWith('chat')
        ? 'chat-widget'
        : 'standalone';
    return join(apps, app, 'main.js');
  }

  private urlsOf(name: RegExp): string[] {
    const named = this.apps.filter((app) => name.test(app.name));
    return named.map((app) => `http://127.0.0.1:${this.links.get(`customers-${app.name}`)!.port}`);
  }

  private async databaseThroughProxy(name: string): Promise<string> {
    const direct = new URL(this.server.url());
    const folder = join(this.server.folder, name);
    await mkdir(folder);
    const target = { path: join(direct.searchParams.get('host')!, SOCKET) };
    this.links.set(`${name}-postgres`, await Proxy.open(target, join(folder, SOCKET)));
    direct.searchParams.set('host', folder);
    return direct.href;
  }
}

/**
 * Whether an app gets ready depends on others that may be broken: the end of the run waits for it. Where nothing is done
 * but to kill, it soon is; but kills come faster than a busy machine starts processes, and one that never worked shows
 * nothing when it is killed.
 */
function breakableApp(app: AppProcess, waits: boolean): Breakable {
  return {
    kill: () => app.kill(),
    stop: () => app.stop(),
    freeze: () => app.freeze(),
    thaw: () => app.thaw(),
    start: async () => {
      app.start();
      if (waits) await app.ready().catch(() => {});
    },
  };
}

function breakablePostgres(server: TestServer): Breakable {
  return {
    kill: () => server.kill(),
    stop: () => server.stop(),
    freeze: () => signalServer(server, 'SIGSTOP'),
    thaw: () => signalServer(server, 'SIGCONT'),
    start: () => server.start(),
  };
}

function breakableBroker(kafka: KafkaCluster, id: number): Breakable {
  return {
    kill: () => kafka.kill(id),
    stop: () => kafka.stop(id),
    freeze: () => kafka.freeze(id),
    thaw: () => kafka.thaw(id),
    start: () => kafka.start(id),
  };
}

/** The token of an agent who may do everything. `env` is that of a process of the system. */
export async function newToken(apps: string, env: Record<string, string>): Promise<string> {
  const args = [join(apps, 'conversation-hub/admin.js'), 'token', 'create', '--role', 'admin'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
  return stdout.trim().split(/\s+/).at(-1)!;
}

/** As an administrator does: once the channel has announced itself. */
export async function makeAccount(
  account: { id: string; channel: string; settings: object },
  url: string,
  token: string,
): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`${url}/api/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...account, name: account.id }),
    });
    if (answer.status === 201) return;
    await pause(systemClock, 100);
  }
  throw new Error(`The channel ${account.channel} did not announce itself within 30 s.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
