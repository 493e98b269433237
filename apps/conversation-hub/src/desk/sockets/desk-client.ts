import { timestamp } from '@yixian/contracts';
import type { Cancel, Clock, ContactId, InboxCounts } from '@yixian/contracts';
import { backlogOf, cutOff, MAX_WAITING_EVENTS } from '@yixian/service';
import type { Connection } from '@yixian/service';
import type { Socket } from 'socket.io';
import type { Caller } from '../http/caller.ts';
import type { Frame } from './frame.ts';

/** The most that waits for one browser, in bytes: half of what one that hangs may cost. */
export const MAX_BACKLOG = MAX_WAITING_EVENTS;
/** A browser that takes nothing for this long is cut off. */
export const STALL_MS = 30_000;
/** How often a slow browser is looked at. */
const LOOK_EVERY_MS = 250;

type DeskConnection = Connection & {
  write(text: string, options: { compress: boolean; wsPreEncodedFrame: Buffer[] }): void;
};

const nothing: Cancel = () => {};

/** One browser tab, or one program, on the desk's socket. */
export class DeskClient {
  readonly watching = new Set<ContactId>();
  /** The counts it was told last. */
  counts: InboxCounts | undefined;
  /** Says the AgentTypes of a conversation at most this often; when it last did. */
  typedAt = Number.NEGATIVE_INFINITY;
  private stalledAt: number | undefined;
  private cancelLook: Cancel = nothing;
  private readonly connection: DeskConnection;

  constructor(
    private readonly socket: Socket,
    readonly caller: Caller,
    private readonly clock: Clock,
  ) {
    this.connection = socket.conn as unknown as DeskConnection;
  }

  /** Names the tab to colleagues. */
  get tab(): string {
    return this.socket.id;
  }

  get stalled(): boolean {
    return this.stalledAt !== undefined;
  }

  /** Writes the frame, or, when too much waits already, begins to leave this browser out until it has caught up. */
  send(frame: Frame): void {
    if (this.stalled || this.connection.readyState !== 'open') return;
    const waiting = this.backlog();
    if (waiting > 0 && waiting + frame.bytes.length > MAX_BACKLOG) return this.stall();
    if (!this.writeDirectly(frame.bytes))
      this.connection.write(frame.text, { compress: false, wsPreEncodedFrame: [frame.bytes] });
  }

  /** Bytes that wait for this browser, outside the kernel. */
  backlog(): number {
    return backlogOf(this.connection);
  }

  /** Closes below Socket.IO, so that the browser comes back. */
  cut(): void {
    this.cancelLook();
    cutOff(this.connection);
  }

  /** To be called once the socket is gone. */
  gone(): void {
    this.cancelLook();
  }

  /**
   * Past the bookkeeping of Engine.IO and ws, which costs more than the write. Only when both have handed on all that
   * they had, so that everything stays in order; nothing is compressed here, so ws holds nothing back.
   */
  private writeDirectly(bytes: Buffer): boolean {
    const { transport, writeBuffer } = this.connection;
    if (transport.name !== 'websocket' || !transport.writable || writeBuffer.length > 0) return false;
    const tcp = transport.socket?._socket;
    tcp?.write(bytes);
    return tcp !== undefined;
  }

  private stall(): void {
    this.stalledAt = this.clock.monotonic();
    this.lookLater();
  }

  private lookLater(): void {
    this.cancelLook = this.clock.after(LOOK_EVERY_MS, () => this.look());
  }

  private look(): void {
    if (this.stalledAt === undefined) return;
    if (this.backlog() === 0) {
      this.stalledAt = undefined;
      this.socket.emit('resync', { at: timestamp(this.clock) });
    } else if (this.clock.monotonic() - this.stalledAt >= STALL_MS) this.cut();
    else this.lookLater();
  }
}
