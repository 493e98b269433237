import type { Wire, WireOptions } from './wire.ts';

/** Milliseconds. A lost line is tried again after 0.5 s, doubling up to 15 s, each time with jitter. */
const FIRST_RETRY = 500;
const LAST_RETRY = 15_000;
const ANSWER_WITHIN = 12_000;

type Waiting = { resolve(answer: unknown): void; reject(reason: Error): void };

/**
 * The part of the Socket.IO protocol (version 5 over Engine.IO 4, https://socket.io/docs/v4/socket-io-protocol/) that
 * one namespace over one WebSocket needs: no binary, no rooms, under 1 KB where the official client has 13.
 */
export class SocketWire implements Wire {
  private socket: WebSocket | undefined;
  private attempts = 0;
  private lastAck = 0;
  private readonly waiting = new Map<number, Waiting>();
  private up = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private patience = 45_000;
  private opened = false;
  private failures = 0;
  private readonly hurry = () => {
    if (!this.socket) this.open();
  };

  constructor(
    private readonly url: string,
    private readonly options: WireOptions,
    /** Two WebSocket openings failed and none ever succeeded: something on the way forbids them. */
    private readonly onBarred: () => void,
  ) {
    this.open();
  }

  ask(name: string, data: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.up) return reject(new Error('down'));
      const id = ++this.lastAck;
      this.waiting.set(id, { resolve, reject });
      this.socket!.send(`42${this.options.namespace},${id}${JSON.stringify([name, data])}`);
      setTimeout(() => this.settle(id)?.reject(new Error('timeout')), ANSWER_WITHIN);
    });
  }

  reopen(): void {
    this.attempts = 0;
    this.lost();
    clearTimeout(this.retry);
    this.open();
  }

  close(): void {
    removeEventListener('online', this.hurry);
    this.lost();
    clearTimeout(this.retry);
  }

  private open(): void {
    clearTimeout(this.retry);
    addEventListener('online', this.hurry);
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      if (this.socket === socket) this.receive(String(data));
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
  }

  /** One Engine.IO packet: `0` open, `2` ping, `4` message; in a message `0` connect, `1` leave, `2` event, `3` ack, `4` refusal. */
  private receive(packet: string): void {
    this.listen();
    if (packet === '2') return this.socket!.send('3');
    if (packet[0] === '0') return this.greet(JSON.parse(packet.slice(1)));
    const [, type, id, body] = /^4(\d)\/[^,]*,(\d*)(.*)$/s.exec(packet) ?? [];
    const content: unknown = body ? JSON.parse(body) : undefined;
    if (type === '0') this.connected();
    if (type === '1') this.lost();
    if (type === '2') this.options.on.event(...(content as [string, unknown]));
    if (type === '3') this.settle(Number(id))?.resolve((content as unknown[])[0]);
    if (type === '4') this.refused(content as { message: string; data?: { code: string; message: string } });
  }

  private greet(hello: { pingInterval: number; pingTimeout: number }): void {
    this.opened = true;
    this.patience = hello.pingInterval + hello.pingTimeout;
    this.listen();
    this.socket!.send(`40${this.options.namespace},${JSON.stringify(this.options.auth())}`);
  }

  private connected(): void {
    this.attempts = 0;
    this.up = true;
    this.options.on.up();
  }

  private refused({ message, data }: { message: string; data?: { code: string; message: string } }): void {
    this.lost();
    this.options.on.refused(data ?? { code: 'unavailable', message });
  }

  /** The server pings; a line that stays silent for longer than it promised is dead, whatever TCP says. */
  private listen(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(), this.patience);
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private lost(): void {
    const { socket, up } = this;
    if (!socket) return;
    this.socket = undefined;
    this.up = false;
    clearTimeout(this.silence);
    socket.close();
    for (const waiting of this.waiting.values()) waiting.reject(new Error('down'));
    this.waiting.clear();
    if (up) this.options.on.down();
    if (!this.opened && ++this.failures === 2) return this.onBarred();
    const wait = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** this.attempts++);
    this.retry = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
  }
}
