import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { listen } from '../http/listen.ts';

export interface InternalDoors {
  /** Empty: ready. */
  unready(): Promise<string[]>;
  registry: Registry;
}

/**
 * For the machinery around the process, on a port of its own:
 * `/livez` 200 while the event loop turns (a database or broker that is away is no reason to restart);
 * `/readyz` 200, or 503 with the reasons; `/metrics` for Prometheus.
 */
export class InternalServer {
  private readonly server: Server;

  constructor(private readonly doors: InternalDoors) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
  }

  /** Gives the URL. Throws {@link PortTaken}. */
  listen(port: number, host: string): Promise<string> {
    return listen(this.server, { port, host, setting: 'INTERNAL_PORT' });
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/livez') return void response.writeHead(200).end('ok\n');
    if (path === '/metrics') {
      const text = await this.doors.registry.metrics();
      return void response.writeHead(200, { 'content-type': this.doors.registry.contentType }).end(text);
    }
    if (path !== '/readyz') return void response.writeHead(404).end();
    const reasons = await this.doors.unready();
    response.writeHead(reasons.length === 0 ? 200 : 503, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ ready: reasons.length === 0, reasons })}\n`);
  }
}
