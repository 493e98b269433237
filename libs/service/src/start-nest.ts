import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connectBus } from '@yixian/bus';
import type { BusServer } from '@yixian/bus';
import type { Clock } from '@yixian/contracts';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { requestIds } from './http/request-context.ts';
import { requestMetrics } from './http/request-metrics.ts';
import { securityHeaders } from './http/security-headers.ts';
import { NestLogger } from './log/nest-logger.ts';
import { topicsOf } from './topics-of.ts';
import { RootModule, ServiceModule } from './service-module.ts';
import type { App, AppContext } from './app.ts';
import { drainSockets } from './sockets/drain-sockets.ts';
import { SocketAdapter } from './sockets/socket-adapter.ts';

/** The longest JSON body, in bytes: 100,000 characters of text with their envelope. Files come by other ways. */
const MAX_BODY = 1024 * 1024;
/** Longer than the idle time of common load balancers (60 s), so that it is they who close, in ms. */
const KEEP_ALIVE = 65_000;
/** Sockets get this much of the time to stop, in ms; what is left is closed at once. */
const DRAIN_PATIENCE = 6_000;
/** Requests under way get this much, in ms. */
const REQUEST_PATIENCE = 2_000;

export type SharedContext = Omit<AppContext<unknown>, 'settings'>;

/** All apps of the process as one Nest application. Not listening yet. */
export class NestApps {
  /** Resolves when the last connection is gone. */
  private emptied: Promise<void> | undefined;

  private constructor(
    readonly app: NestExpressApplication,
    private readonly sockets: SocketAdapter,
    private readonly consumers: BusServer,
    private readonly clock: Clock,
  ) {}

  static async create(
    apps: App[],
    settings: Map<string, Record<string, unknown>>,
    context: SharedContext,
  ): Promise<NestApps> {
    const modules = apps.map((app) => app.module({ ...context, settings: settings.get(app.name) ?? {} }));
    const app = await NestFactory.create<NestExpressApplication>(
      { module: RootModule, imports: [ServiceModule.of(context), ...modules] },
      { logger: new NestLogger(context.log), bodyParser: false, abortOnError: false },
    );
    const sockets = new SocketAdapter(app.getHttpServer());
    app.useWebSocketAdapter(sockets);
    harden(
      app,
      context,
      apps.flatMap(({ rawBodies = [] }) => rawBodies),
    );
    const consumers = connectBus(app, { bus: context.bus, topics: topicsOf(apps) });
    return new NestApps(app, sockets, consumers, context.clock);
  }

  get http(): HttpServer {
    return this.app.getHttpServer() as HttpServer;
  }

  /** Runs the starting hooks of the apps, then lets the bus call their handlers. */
  async init(): Promise<void> {
    await this.app.init();
    await this.app.startAllMicroservices();
  }

  /** Takes no more from the bus; waits for the batches that run. */
  async stopConsuming(): Promise<void> {
    await this.consumers.close();
  }

  /**
   * Lets nobody in any more and closes all sockets in small batches, so that not all come back elsewhere at once.
   * Whoever keeps a connection for more requests is told to take another: cut off later, one would be half done.
   */
  async drain(): Promise<void> {
    this.http.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
    this.emptied = new Promise((resolve) => {
      this.http.close(() => resolve());
    });
    if (!this.sockets.server) return;
    const late = new AbortController();
    const cancel = this.clock.after(DRAIN_PATIENCE, () => late.abort());
    await drainSockets(this.sockets.server, this.clock, late.signal);
    cancel();
  }

  /** Waits for the requests under way. */
  async endRequests(): Promise<void> {
    const cancel = this.clock.after(REQUEST_PATIENCE, () => this.http.closeAllConnections());
    await this.emptied;
    cancel();
  }

  /** Runs the closing hooks of the apps. */
  async close(): Promise<void> {
    await this.app.close();
  }
}

function harden(app: NestExpressApplication, context: SharedContext, rawBodies: readonly string[]): void {
  app.set('trust proxy', context.trustProxy);
  app.disable('x-powered-by');
  app.use(requestIds, requestMetrics(context.metrics));
  app.use(securityHeaders({ https: context.publicUrl?.startsWith('https:') ?? false }));
  app.useBodyParser('json', {
    limit: MAX_BODY,
    type: (request) => isJson(request) && !rawBodies.some((path) => request.url?.startsWith(`${path}/`)),
  });
  const server = app.getHttpServer() as HttpServer;
  server.keepAliveTimeout = KEEP_ALIVE;
  server.headersTimeout = KEEP_ALIVE + 1_000;
}

const isJson = ({ headers }: IncomingMessage): boolean =>
  /^application\/json\b/i.test(headers['content-type'] ?? '');
