import { pause, systemClock } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { openMediaStore } from '@yixian/media';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { App } from './app.ts';
import { InternalServer } from './health/internal-server.ts';
import type { InternalDoors } from './health/internal-server.ts';
import { Readiness } from './health/readiness.ts';
import { listen } from './http/listen.ts';
import { openLog } from './log/logger.ts';
import { openProcessBus, openProcessDatabase, prepareSchema } from './open-parts.ts';
import { keptSecret, masterSecret } from './settings/master-secret.ts';
import { mediaPlace } from './settings/service-settings.ts';
import type { Environment } from './settings/settings.ts';
import { readSettings } from './settings/settings.ts';
import type { SharedContext } from './start-nest.ts';
import { NestApps } from './start-nest.ts';
import { Teardown } from './teardown.ts';

export interface StartOptions {
  env: Environment;
  /** Of the process: in logs, traces and `ce_source`. Default: the one app's name, or `yixian` for several. */
  name?: string;
  clock?: Clock;
  log?: Logger;
  /** An open, migrated database instead of that of the settings. It is closed with the rest. */
  database?: Database;
  /** The process cannot go on and should be started anew. */
  onCrash?: (error: Error) => void;
}

/** The apps of one process, listening. */
export interface RunningApps {
  /** Of the public server, without a slash at the end. */
  url: string;
  internalUrl: string;
  /** The instance of a class or token of any of the apps. */
  get<T>(token: (new (...args: never[]) => T) | symbol | string): T;
  /** Drains and stops in order, within the deadline (ms). False when that was too short. May be called twice. */
  stop(deadline?: number): Promise<boolean>;
}

/** Kubernetes gives 30 s by default; `docker stop` 10. */
const STOP_DEADLINE = 10_000;
/**
 * By when, as a share of that, the next step begins at the latest. Whatever waits for the database, for a lock or for a
 * word of it, ends when that is closed, for which a quarter is left.
 */
const BY = { consumers: 0.3, sockets: 0.55, requests: 0.6, apps: 0.65, bus: 0.75 };
/** How often the delay of the event loop is taken, in ms. Each time wakes a process that has nothing to do. */
const LOOP_PRECISION = 100;
/** What a start stands on may go away in the middle of it. It is begun again for this long, in ms. */
const START_PATIENCE = 60_000;
const BEGIN_AGAIN = 1000;

/**
 * Starts apps in this process, in order: settings, log, telemetry, internal server, database and its schema, bus,
 * media, apps, public port. When a step fails, those before it are undone. What may pass (the database or the brokers
 * went away meanwhile) is tried again for a minute; any other error is thrown.
 */
export async function startApps(apps: App[], options: StartOptions): Promise<RunningApps> {
  const settings = readSettings(apps, options.env);
  const { clock = systemClock, name = apps.length === 1 ? apps[0]!.name : 'yixian' } = options;
  const log = options.log ?? openLog({ name, level: settings.service.LOG_LEVEL });
  const until = clock.monotonic() + START_PATIENCE;
  for (;;) {
    const teardown = new Teardown(clock, log);
    try {
      return await start({ apps, options, settings, clock, name, log, teardown });
    } catch (error) {
      await teardown.run(STOP_DEADLINE);
      // A database that was given is closed by now.
      if (options.database || !mayPass(error) || clock.monotonic() > until) throw error;
      log.warn({ reason: (error as Error).message }, 'Starting was interrupted; beginning again.');
      await pause(clock, BEGIN_AGAIN);
    }
  }
}

const mayPass = (error: unknown): boolean => (error as { retryable?: unknown } | null)?.retryable === true;

interface Starting {
  apps: App[];
  options: StartOptions;
  settings: ReturnType<typeof readSettings>;
  clock: Clock;
  name: string;
  log: Logger;
  teardown: Teardown;
}

async function start(starting: Starting): Promise<RunningApps> {
  const { apps, settings, log, teardown } = starting;
  const { HOST: host, PORT: port } = settings.service;
  await traces(starting);
  const registry = metricsOf();
  const doors: InternalDoors = { registry, unready: () => Promise.resolve(['starting']) };
  const internalUrl = await openInternal(starting, doors);
  const context = await surroundings(starting, registry);
  const readiness = new Readiness(context.database, context.bus);
  doors.unready = () => readiness.reasons();

  const nest = await NestApps.create(apps, settings.apps, context);
  teardown.add('apps', () => nest.close(), { by: BY.apps });
  await nest.init();
  teardown.add('requests', () => nest.endRequests(), { by: BY.requests });
  teardown.add('sockets', () => nest.drain(), { by: BY.sockets });
  teardown.add('consumers', () => nest.stopConsuming(), { by: BY.consumers });
  const url = await listen(nest.http, { port, host, setting: 'PORT' });
  readiness.nowStarted();
  teardown.add('readiness', () => readiness.nowDraining());
  log.info({ url, internalUrl, apps: apps.map((app) => app.name) }, 'Listening.');
  return {
    url,
    internalUrl,
    get: (token) => nest.app.get(token, { strict: false }),
    stop: (deadline = STOP_DEADLINE) => teardown.run(deadline),
  };
}

async function traces({ settings, name, teardown }: Starting): Promise<void> {
  const endpoint = settings.service.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint) return;
  const { startTelemetry } = await import('./telemetry/open-telemetry.ts');
  teardown.add('telemetry', await startTelemetry({ endpoint, service: name }));
}

function metricsOf(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION });
  return registry;
}

async function openInternal({ settings, teardown }: Starting, doors: InternalDoors): Promise<string> {
  const server = new InternalServer(doors);
  teardown.add('internal server', () => server.close());
  return server.listen(settings.service.INTERNAL_PORT, settings.service.INTERNAL_HOST);
}

/** Everything the apps stand on. */
async function surroundings(starting: Starting, metrics: Registry): Promise<SharedContext> {
  const { options, settings, clock, log, teardown } = starting;
  const around = { ...starting, settings: settings.service };
  const database = options.database ?? (await openProcessDatabase(around));
  teardown.add('database', () => database.close());
  if (!options.database) await prepareSchema(database, around);
  watchPool(database, metrics);
  const bus = await openProcessBus(around, database, (error) => options.onCrash?.(error));
  teardown.add('bus', () => bus.close(), { by: BY.bus });
  return {
    database,
    bus,
    media: await openMediaStore(mediaPlace(settings.service), clock),
    clock,
    log,
    secret: masterSecret(settings.service.YIXIAN_SECRET ?? (await keptSecret(settings.service.DATA_DIR))),
    metrics,
    publicUrl: settings.service.PUBLIC_URL?.replace(/\/+$/, ''),
    trustProxy: settings.service.TRUST_PROXY,
  };
}

function watchPool(database: Database, registry: Registry): void {
  new Gauge({
    name: 'yixian_database_connections',
    help: 'Database connections of this process: open, idle, and callers that wait for one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(database.usage)) this.set({ state }, count);
    },
  });
}
