import type { Clock } from '@yixian/contracts';
import { pause, waitAtMost } from '@yixian/contracts';
import type { Client } from 'pg';
import type { DatabaseLog } from './database-log.ts';
import { asDatabaseError } from './database-error.ts';

/** Between attempts to restore the connection, in ms; doubled up to the second. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 5_000;
/** A connection that lost its peer without a word would stay silent for ever: ask it this often, in ms. */
const ASK_EVERY = 15_000;
/** A server that does not answer is left without a goodbye after this, in ms. */
const LONGEST_GOODBYE = 500;

type OnNotify = (payload: string) => void;
type OnLost = () => void;

/** All channels somebody listens to, on one connection that is restored when it breaks. */
export class Listener {
  private readonly channels = new Map<string, Set<OnNotify>>();
  private readonly losses = new Set<OnLost>();
  private client: Client | undefined;
  private connecting: Promise<void> | undefined;
  private readonly stopped = new AbortController();
  private cancelAsking: () => void = () => {};

  constructor(
    private readonly newClient: () => Client,
    private readonly clock: Clock,
    private readonly log: DatabaseLog,
  ) {}

  /** Resolves once the server listens. Throws {@link DatabaseError} when it cannot now. */
  async listen(channel: string, onNotify: OnNotify, onLost: OnLost = () => {}): Promise<() => Promise<void>> {
    const listeners = this.channels.get(channel) ?? new Set();
    this.channels.set(channel, listeners.add(onNotify));
    try {
      await this.connected();
      await this.client?.query(`LISTEN ${quoted(channel)}`);
    } catch (error) {
      this.forget(channel, onNotify);
      throw asDatabaseError(error);
    }
    this.losses.add(onLost);
    return async () => {
      this.losses.delete(onLost);
      if (!this.forget(channel, onNotify)) return;
      // If this fails the connection is broken, and nobody will listen on the next one.
      await this.client?.query(`UNLISTEN ${quoted(channel)}`).catch(() => {});
    };
  }

  async close(): Promise<void> {
    this.stopped.abort();
    this.cancelAsking();
    await waitAtMost(this.clock, LONGEST_GOODBYE, this.end());
  }

  private async end(): Promise<void> {
    await this.connecting?.catch(() => {});
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => {});
  }

  /** True when nobody listens to the channel any more. */
  private forget(channel: string, onNotify: OnNotify): boolean {
    const listeners = this.channels.get(channel);
    listeners?.delete(onNotify);
    if (listeners?.size !== 0) return false;
    return this.channels.delete(channel);
  }

  private connected(): Promise<void> {
    if (this.client) return Promise.resolve();
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async connect(): Promise<void> {
    const client = this.newClient();
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ channel, payload }) => this.notify(channel, payload ?? ''));
    try {
      await client.connect();
      for (const channel of this.channels.keys()) await client.query(`LISTEN ${quoted(channel)}`);
    } catch (error) {
      void client.end().catch(() => {});
      throw error;
    }
    this.client = client;
    this.askSometimes(client);
  }

  private lost(client: Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.cancelAsking();
    for (const onLost of this.losses) onLost();
    void client.end().catch(() => {});
    if (this.stopped.signal.aborted) return;
    this.log('warn', 'The listening database connection broke; restoring it.');
    void this.restore();
  }

  private async restore(): Promise<void> {
    for (let wait = FIRST_PAUSE; !this.stopped.signal.aborted; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      try {
        await this.connected();
        for (const channel of this.channels.keys()) this.notify(channel, '');
        return;
      } catch {
        await pause(this.clock, wait, this.stopped.signal);
      }
    }
  }

  private askSometimes(client: Client): void {
    this.cancelAsking = this.clock.after(ASK_EVERY, () => {
      client.query({ text: 'select 1', query_timeout: ASK_EVERY / 3 } as { text: string }).then(
        () => this.client === client && this.askSometimes(client),
        () => this.lost(client),
      );
    });
  }

  private notify(channel: string, payload: string): void {
    for (const onNotify of this.channels.get(channel) ?? []) onNotify(payload);
  }
}

const quoted = (channel: string): string => `"${channel.replaceAll('"', '""')}"`;
