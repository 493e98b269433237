import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { pause, systemClock } from '@yixian/contracts';

/** One replica as a balancer sees it. */
export interface Backend {
  name: string;
  port: number;
  /** Its `/readyz`. */
  readyUrl: string;
}

interface Known extends Backend {
  ready: boolean;
  connections: number;
  forgotten: AbortController;
}

/** How often `/readyz` is asked, and for how long an answer is waited, in ms. */
const EVERY = 200;
const PATIENCE = 4_000;
/** So many times in a row a replica is not ready before it gets nobody: as the deployments have it. */
const FAILURES = 2;

/**
 * A balancer of TCP connections, as one stands before every service: sends each to the replica with the fewest, among
 * those whose `/readyz` said 200 when it was last asked. A connection that is refused goes to another replica, and is
 * counted: it was promised something.
 */
export class Balancer {
  /** Connections that a replica refused while it was believed to be ready. */
  refused = 0;
  /** Connections for which no replica was ready. */
  turnedAway = 0;
  private readonly backends = new Map<string, Known>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly onChange: (name: string, why: string) => void,
  ) {}

  /** `onChange` hears when a replica is ready (`why` is empty) and when it is not any more. */
  static async open(onChange: (name: string, why: string) => void = () => {}): Promise<Balancer> {
    const server = createServer({ noDelay: true });
    const balancer = new Balancer(server, onChange);
    server.on('connection', (near) => balancer.accept(near));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sends nobody there before it is ready. */
  add(backend: Backend): void {
    const known = { ...backend, ready: false, connections: 0, forgotten: new AbortController() };
    this.backends.set(backend.name, known);
    void this.follow(known);
  }

  remove(name: string): void {
    this.backends.get(name)?.forgotten.abort();
    this.backends.delete(name);
  }

  isReady(name: string): boolean {
    return this.backends.get(name)?.ready ?? false;
  }

  /** How many are ready. */
  get readyCount(): number {
    return [...this.backends.values()].filter(({ ready }) => ready).length;
  }

  /** Open connections of a replica. */
  connectionsOf(name: string): number {
    return this.backends.get(name)?.connections ?? 0;
  }

  async close(): Promise<void> {
    for (const name of this.backends.keys()) this.remove(name);
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async follow(backend: Known): Promise<void> {
    const { signal } = backend.forgotten;
    for (let failures = 0; !signal.aborted; await pause(systemClock, EVERY, signal)) {
      const why = await unready(backend.readyUrl, signal);
      failures = why === '' ? 0 : failures + 1;
      if (why !== '' && failures < FAILURES) continue;
      if (backend.ready !== (why === '')) this.onChange(backend.name, why);
      backend.ready = why === '';
    }
    backend.ready = false;
  }

  private accept(near: Socket): void {
    this.keep(near);
    this.connect(near, new Set());
  }

  private connect(near: Socket, tried: Set<Known>): void {
    const [backend] = [...this.backends.values()]
      .filter((one) => one.ready && !tried.has(one))
      .sort((one, other) => one.connections - other.connections);
    if (!backend) {
      this.turnedAway++;
      return void near.destroy();
    }
    const far = connect({ port: backend.port, host: '127.0.0.1', noDelay: true });
    backend.connections++;
    far.once('close', () => backend.connections--);
    const refused = (): void => {
      this.refused++;
      this.connect(near, tried.add(backend));
    };
    far.once('error', refused);
    far.once('connect', () => {
      far.off('error', refused);
      this.keep(far);
      join(near, far);
    });
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.sockets.delete(socket));
  }
}

function join(near: Socket, far: Socket): void {
  near.pipe(far);
  far.pipe(near);
  near.once('close', () => far.destroy());
  far.once('close', () => near.destroy());
  if (near.destroyed) far.destroy();
}

/** Why it is not ready; nothing when it is. */
const unready = (url: string, forgotten: AbortSignal): Promise<string> =>
  fetch(url, { signal: AbortSignal.any([forgotten, AbortSignal.timeout(PATIENCE)]) }).then(
    async (answer) => {
      const text = await answer.text();
      return answer.ok ? '' : text.trim() || `${answer.status}`;
    },
    () => 'it does not answer',
  );
