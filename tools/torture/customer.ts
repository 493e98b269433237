import type { Cancel, Clock, Joined, Lines, Problem, Said, VisitorLine } from '@yixian/contracts';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { CustomerSide } from './checker.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';
import { codeOf, messageText, wordFor } from './words.ts';
import type { Writer } from './writer.ts';

const ANSWER_WITHIN = 12_000;
/** A line that was lost is tried again after so long, in ms. */
const AGAIN = [100, 1500] as const;
/** Marks go at most this often, in ms. */
const MARK_EVERY = 1500;
/** How often a page that lost its connection is loaded anew: the queue survives, what was shown does not. */
const RELOADS = 0.15;
/** One in so many has a network that lets no WebSocket through. */
const LONG_POLLS = 8;

export interface CustomerMeans {
  clock: Clock;
  journal: Journal;
  random: Random;
  /** Addresses of the chat, one of which is taken at each connection. */
  urls: string[];
  site: string;
  /** Some customers have a network that breaks WebSocket. */
  longPolling: boolean;
  /** Names the run, so that nonces of two runs differ. */
  run: string;
  /** What no customer should ever be answered. */
  onWrong: (who: string, says: string) => void;
}

/** One customer with one browser: writes into a queue that survives everything, and shows the transcript. */
export class Customer implements Writer {
  readonly name: string;
  private written = 0;
  private tried = 0;
  private acknowledged = 0;
  private sending = false;
  private left = false;
  private lines: (number | null)[] = [];
  /** The first position that is missing. */
  private hole = 1;
  private last = 0;
  private filling = false;
  private token: string | undefined;
  private address = '';
  private socket: Socket | undefined;
  private marked = 0;
  private cancelMark: Cancel | undefined;

  constructor(
    readonly number: number,
    private readonly means: CustomerMeans,
  ) {
    this.name = `c${number}`;
    this.connect();
  }

  /** Messages that are not acknowledged yet. */
  get waiting(): number {
    return this.written - this.acknowledged;
  }

  get amount(): number {
    return this.written;
  }

  /** Everything is acknowledged and every line is there. */
  get isCalm(): boolean {
    return this.left || (this.waiting === 0 && !!this.socket?.connected && this.isWhole);
  }

  write(): void {
    this.written++;
    this.deliver();
  }

  /** Closes the page for good. What is on its way stays on its way, and is never sent again. */
  leave(): void {
    this.left = true;
    this.means.journal.note(this.name, `leaves with ${this.waiting} unsent`);
    this.cancelMark?.();
    this.socket?.disconnect();
  }

  side(): CustomerSide {
    const { name, address, tried, acknowledged, lines, left } = this;
    return { name, address, by: 'chat', tried, acknowledged, lines, left };
  }

  private get isWhole(): boolean {
    return this.hole > this.last;
  }

  private connect(): void {
    if (this.left) return;
    const { urls, random, site, longPolling } = this.means;
    const after = this.hole - 1;
    const auth = {
      site,
      ...(this.token && { token: this.token, visitor: this.address }),
      after,
      locale: 'zh-CN',
    };
    const transports = longPolling && this.number % LONG_POLLS === 0 ? ['polling'] : ['websocket'];
    const socket = io(`${random.one(urls)}/visitor`, {
      auth,
      transports,
      reconnection: false,
      forceNew: true,
    });
    this.socket = socket;
    socket.on('joined', (joined: Joined) => this.join(joined));
    socket.on('lines', (lines: VisitorLine[]) => this.show(lines));
    socket.on('disconnect', (reason) => this.lost(socket, reason));
    socket.on('connect_error', (error: Error & { data?: Problem['error'] }) => this.refused(socket, error));
  }

  private refused(socket: Socket, error: Error & { data?: Problem['error'] }): void {
    const code = error.data?.code;
    if (code && !['unavailable', 'rate_limited', 'internal'].includes(code))
      this.means.onWrong(this.name, `was refused with ${code}`);
    this.lost(socket, code ?? error.message);
  }

  private lost(socket: Socket, reason: string): void {
    if (this.socket !== socket || this.left) return;
    const { clock, random, journal } = this.means;
    journal.note(this.name, `offline: ${reason}`);
    this.socket = undefined;
    socket.removeAllListeners().disconnect();
    this.sending = false;
    if (random.chance(RELOADS)) this.reload();
    clock.after(random.between(...AGAIN), () => this.connect());
  }

  private reload(): void {
    this.lines = [];
    this.hole = 1;
    this.marked = 0;
    this.means.journal.note(this.name, 'reloads the page');
  }

  private join({ token, visitor, lines, last }: Joined): void {
    if (this.tried > 0 && visitor !== this.address)
      this.means.onWrong(this.name, `became another visitor, ${visitor} after ${this.address}`);
    this.means.journal.note(this.name, `online, ${last} lines`);
    this.token = token ?? this.token;
    this.address = visitor;
    if (last < this.last)
      this.means.onWrong(this.name, `has a transcript of ${last} lines after ${this.last}`);
    this.last = Math.max(this.last, last);
    this.show(lines);
    this.deliver();
  }

  private show(lines: VisitorLine[]): void {
    for (const { position, text } of lines) this.place(position, codeOf(text));
    if (!this.isWhole) void this.fill();
    if (lines.some(({ text }) => codeOf(text) <= 0)) this.markLater();
  }

  /** The browser says what of an agent's words it has, and its person has seen. */
  private markLater(): void {
    this.cancelMark ??= this.means.clock.after(MARK_EVERY, () => this.mark());
  }

  private place(position: number, code: number): void {
    const held = this.lines[position - 1] ?? null;
    if (held !== null && held !== code)
      this.means.onWrong(this.name, `got ${wordFor(code)} at ${position}, where ${wordFor(held)} was`);
    if (held === null && code < 0)
      this.means.journal.note(this.name, `reads ${wordFor(code)} at ${position}`);
    while (this.lines.length < position) this.lines.push(null);
    this.lines[position - 1] = code;
    while ((this.lines[this.hole - 1] ?? null) !== null) this.hole++;
    this.last = Math.max(this.last, position);
  }

  /** Asks for what lies in the first hole, newest first as the server gives it. */
  private async fill(): Promise<void> {
    if (this.filling || !this.socket?.connected) return;
    this.filling = true;
    const first = this.hole;
    const next = this.lines.findIndex((code, index) => index >= first && code !== null);
    const before = next < 0 ? undefined : next + 1;
    const answer = await this.ask<Lines>('history', { after: first - 1, ...(before && { before }) });
    this.filling = false;
    if (answer && 'lines' in answer) this.show(answer.lines);
    else this.means.clock.after(1000, () => void (this.isWhole || this.fill()));
  }

  private mark(): void {
    this.cancelMark = undefined;
    const delivered = this.hole - 1;
    if (delivered <= this.marked || !this.socket?.connected) return;
    this.marked = delivered;
    const read = this.means.random.chance(0.5) ? delivered : 0;
    void this.ask('mark', { delivered, read });
  }

  /** One at a time, each until it is acknowledged, so that they arrive in the order they were written. */
  private deliver(): void {
    if (this.sending || this.left || this.waiting === 0 || !this.socket?.connected || !this.address) return;
    const number = this.acknowledged + 1;
    this.sending = true;
    this.means.journal.note(this.name, `says ${wordFor(number)}${number <= this.tried ? ' again' : ''}`);
    this.tried = Math.max(this.tried, number);
    void this.say(number, this.socket);
  }

  private async say(number: number, socket: Socket): Promise<void> {
    const nonce = `${this.means.run}-${this.name}-m${number}`;
    const answer = await this.ask<Said>('say', { nonce, text: messageText(this.number, number) });
    // The answer of a connection that is gone says nothing: another has taken the message up.
    if (this.socket !== socket || this.left) return;
    this.sending = false;
    if (answer && 'id' in answer) {
      this.acknowledged = number;
      this.means.journal.note(this.name, `${wordFor(number)} acknowledged`);
      return this.deliver();
    }
    const error = answer?.error;
    this.means.journal.note(this.name, `${wordFor(number)} ${error?.code ?? 'unanswered'}`);
    if (error && !['rate_limited', 'unavailable', 'internal'].includes(error.code))
      this.means.onWrong(this.name, `${wordFor(number)} was refused: ${error.code} ${error.message}`);
    this.means.clock.after((error?.retryAfter ?? 1) * 1000, () => this.deliver());
  }

  private async ask<T>(name: string, body: unknown): Promise<T | Problem | undefined> {
    try {
      return (await this.socket?.timeout(ANSWER_WITHIN).emitWithAck(name, body)) as T | Problem;
    } catch {
      return undefined;
    }
  }
}
