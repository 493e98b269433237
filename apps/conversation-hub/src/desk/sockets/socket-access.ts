import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Cancel, Clock } from '@yixian/contracts';
import { CLOCK, LOGGER, problem, refusalOf, Refused } from '@yixian/service';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import { Access } from '../../agents/access.ts';
import { DESK } from '../desk-options.ts';
import type { DeskOptions } from '../desk-options.ts';
import type { Caller } from '../http/caller.ts';
import { DeskClients } from './desk-clients.ts';
import { isSameOrigin } from './same-origin.ts';

/** How long a socket may outlive the session or token it was opened with. */
const SWEEP_EVERY_MS = 30_000;

/** Decides who may open a socket at the desk, and ends those whose right to it has ended. */
@Injectable()
export class SocketAccess implements OnApplicationBootstrap, OnModuleDestroy {
  private cancelSweep: Cancel = () => {};

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(DESK) private readonly desk: DeskOptions,
    private readonly access: Access,
    private readonly clients: DeskClients,
  ) {}

  onApplicationBootstrap(): void {
    this.sweepLater();
  }

  onModuleDestroy(): void {
    this.cancelSweep();
  }

  /** Leaves the caller in `socket.data`, or gives what Socket.IO is to refuse the client with (`data`: a Problem). */
  async enter(socket: Socket, isLive: boolean): Promise<Error | undefined> {
    try {
      if (!isLive) throw new Refused('unavailable', 'Not ready yet.', { retryAfter: 1 });
      const caller = await this.callerOf(socket);
      if (!caller) throw new Refused('unauthenticated', 'Log in first, or send a token.');
      (socket.data as { caller: Caller }).caller = caller;
      return undefined;
    } catch (error) {
      const refused = refusalOf(error);
      if (refused.code === 'internal') this.log.error({ err: error }, 'A socket could not be opened.');
      return Object.assign(new Error(refused.code), { data: problem(refused) });
    }
  }

  private async callerOf(socket: Socket): Promise<Caller | undefined> {
    const { auth, headers } = socket.handshake;
    if (typeof auth['token'] === 'string') return this.access.ofToken(auth['token']);
    if (headers.authorization === undefined && !isSameOrigin(headers, this.desk.publicUrl))
      throw new Refused('origin_refused', 'Agents connect from the inbox itself.');
    return this.access.ofRequest(headers);
  }

  private sweepLater(): void {
    this.cancelSweep = this.clock.after(SWEEP_EVERY_MS, () => {
      void this.sweep()
        .catch((error: unknown) => this.log.warn({ err: error }, 'Sessions could not be looked at.'))
        .finally(() => this.sweepLater());
    });
  }

  private async sweep(): Promise<void> {
    const clients = this.clients.all();
    if (clients.length === 0) return;
    const here = await this.access.stillHere(clients.map(({ caller }) => caller));
    for (const client of clients) if (!here.has(client.caller)) client.cut();
  }
}
