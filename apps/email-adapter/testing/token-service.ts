import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider's token service: gives access tokens for refresh tokens, and tells its mail servers which are good. */
export class TokenService {
  /** The access tokens given, oldest first. */
  readonly given: string[] = [];
  /** What mail servers asked about, oldest first. */
  readonly shown: string[] = [];
  private readonly ended = new Set<string>();
  private readonly server: Server;

  private constructor(private readonly user: string) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  static async open(user: string): Promise<TokenService> {
    const service = new TokenService(user);
    service.server.listen(0, '127.0.0.1');
    await once(service.server, 'listening');
    return service;
  }

  get tokenUrl(): string {
    return `${this.url}/token`;
  }

  get introspectionUrl(): string {
    return `${this.url}/introspect`;
  }

  /** No token given up to now is good any more. */
  expireAll(): void {
    for (const token of this.given) this.ended.add(token);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const body = request.url === '/token' ? this.give() : this.tell(request.headers.authorization ?? '');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private give(): object {
    const token = `access-${this.given.length + 1}`;
    this.given.push(token);
    return { access_token: token, expires_in: 3600 };
  }

  private tell(authorization: string): object {
    const token = authorization.replace(/^Bearer /, '');
    this.shown.push(token);
    const active = this.given.includes(token) && !this.ended.has(token);
    return active ? { active, username: this.user } : { active };
  }
}
