import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, NetConnectOpts, Server, Socket } from 'node:net';
import { systemClock } from '@yixian/contracts';

/** How much later everything arrives on a slow link, in ms. */
const SLOWNESS = 400;

type LinkState = 'open' | 'stalled' | 'slow' | 'dead';

interface Pair {
  near: Socket;
  far: Socket;
  /** What a slow link has taken and not given yet, in order. */
  held: (() => void)[];
}

/** A link that can be broken: what connects here is connected to the other side, for as long as it is whole. */
export class Proxy {
  private state: LinkState = 'open';
  private readonly pairs = new Set<Pair>();
  /** Ends whose other end is gone, and which are not told. */
  private readonly orphans = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: NetConnectOpts,
  ) {}

  /** Listens on a free port, or on the socket at `path`. */
  static async open(target: NetConnectOpts, path?: string): Promise<Proxy> {
    const server = createServer({ noDelay: true });
    const proxy = new Proxy(server, target);
    server.on('connection', (near) => proxy.accept(near));
    if (path) server.listen(path);
    else server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Every connection ends, and both ends hear of it. */
  cut(): void {
    for (const { near, far } of this.pairs) {
      reset(near);
      reset(far);
    }
  }

  /** Of every other connection the far end goes; the near end hears nothing of it, and of nothing else. */
  halfOpen(): void {
    for (const { near, far } of this.everyOther()) this.orphan(near, far);
  }

  /** Of every other connection the near end goes; the far end hears nothing of it. */
  ghost(): void {
    for (const { near, far } of this.everyOther()) this.orphan(far, near);
  }

  /** Nothing gets through until {@link heal}; then all of it does. New connections wait as well. */
  stall(): void {
    this.state = 'stalled';
    for (const { near, far } of this.pairs) {
      near.pause();
      far.pause();
    }
  }

  slow(): void {
    this.state = 'slow';
  }

  heal(): void {
    this.state = 'open';
    for (const { near, far, held } of this.pairs) {
      for (const give of held.splice(0)) give();
      near.resume();
      far.resume();
    }
  }

  async close(): Promise<void> {
    this.state = 'dead';
    this.cut();
    for (const orphan of this.orphans) orphan.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(near: Socket): void {
    const far = connect(this.target);
    far.setNoDelay?.(true);
    const pair = { near, far, held: [] };
    this.pairs.add(pair);
    this.carry(near, far, pair);
    this.carry(far, near, pair);
    if (this.state === 'stalled') {
      near.pause();
      far.pause();
    }
  }

  private carry(from: Socket, to: Socket, pair: Pair): void {
    from.on('data', (bytes) => this.pass(bytes, from, to, pair));
    from.on('error', () => {});
    from.on('end', () => this.later(pair, () => to.end()));
    from.on('close', () => {
      this.orphans.delete(from);
      if (this.pairs.delete(pair)) to.destroy();
    });
    to.on('drain', () => this.state !== 'stalled' && from.resume());
  }

  private pass(bytes: Buffer, from: Socket, to: Socket, pair: Pair): void {
    this.later(pair, () => {
      if (!to.write(bytes)) from.pause();
    });
  }

  /** Timers of one length fire in the order they were set, so nothing overtakes. */
  private later(pair: Pair, give: () => void): void {
    if (!this.pairs.has(pair)) return;
    if (this.state !== 'slow') return give();
    pair.held.push(() => this.pairs.has(pair) && give());
    systemClock.after(SLOWNESS, () => pair.held.shift()?.());
  }

  /** All of them would leave nobody to go on meanwhile: a dead line is noticed after 45 s at the latest. */
  private everyOther(): Pair[] {
    return [...this.pairs].filter((_, index) => index % 2 === 0);
  }

  private orphan(left: Socket, gone: Socket): void {
    for (const pair of this.pairs) if (pair.near === left || pair.far === left) this.pairs.delete(pair);
    this.orphans.add(left);
    left.resume();
    gone.destroy();
  }
}

/** Only TCP knows a reset. */
const reset = (socket: Socket): unknown =>
  socket.remoteAddress === undefined ? socket.destroy() : socket.resetAndDestroy();
