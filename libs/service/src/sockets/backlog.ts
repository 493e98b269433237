import type { Server } from 'socket.io';

/** What happens is told to a client for which no more bytes than these wait; where more wait, it is too much. */
export const MAX_WAITING_EVENTS = 128 * 1024;
/**
 * The same for answers to what it asked. A browser that comes back asks for much at once and may take its time to read it: 50 contacts,
 * each with a page of what was missed.
 */
export const MAX_WAITING_ANSWERS = 2 * 1024 * 1024;
/** How a packet of Socket.IO begins that answers a request of the client. */
const ANSWER = '3';

/** What of Engine.IO's connection is used below Socket.IO. */
export interface Connection {
  readonly readyState: string;
  readonly transport: {
    readonly name: string;
    /** False as long as the last batch of packets is on its way, or the client does not poll. */
    readonly writable: boolean;
    /** Of ws; `_socket` is the TCP connection below it. */
    readonly socket?: {
      readonly bufferedAmount: number;
      readonly _socket?: { write(bytes: Buffer): unknown; resetAndDestroy(): unknown };
    };
  };
  /** What was not given to the transport yet. */
  readonly writeBuffer: readonly Packet[];
  close(discard?: boolean): void;
}

interface Packet {
  data?: unknown;
  /** `wsPreEncodedFrame` is written as it is, which Socket.IO's own adapter relies on for broadcasts. */
  options?: { wsPreEncodedFrame?: Buffer[] };
}

/** Bytes that wait for this client outside the kernel. */
export function backlogOf({ transport, writeBuffer }: Connection): number {
  return waitingIn(writeBuffer) + (transport.socket?.bufferedAmount ?? 0);
}

/**
 * Closes the connection at once, below Socket.IO, so that the client comes back. What waits is thrown away, in the
 * kernel as well: a connection that is closed in order keeps its megabytes there until the other side has read them.
 */
export function cutOff(connection: Connection): void {
  const tcp = connection.transport.socket?._socket;
  connection.close(true);
  tcp?.resetAndDestroy();
}

/**
 * Cuts off every client for which too much waits. It comes back, and catches up from where it was. What it is being
 * sent does not count, nor does the largest of what waits: one packet may be larger than all that may wait.
 */
export function limitBacklog(engine: Server['engine']): void {
  engine.on('connection', (connection: { on(event: 'packetCreate', listener: typeof onPacket): void }) =>
    connection.on('packetCreate', onPacket),
  );
}

function onPacket(this: Connection, packet: Packet): void {
  // A ping carries nothing, and who does not answer it is let go of by that.
  if (packet.data === undefined || this.transport.writable || isTaking(this)) return;
  const most = isAnswer(packet) ? MAX_WAITING_ANSWERS : MAX_WAITING_EVENTS;
  // Not in the middle of a broadcast, whose list of sockets this would change.
  if (waitingIn(this.writeBuffer) - largestOf(this.writeBuffer) > most) process.nextTick(cutOff, this);
}

/** A WebSocket whose bytes the kernel has taken, all of them; Engine.IO hears of it with the next tick. */
const isTaking = ({ transport: { socket } }: Connection): boolean => socket?.bufferedAmount === 0;

const isAnswer = ({ data }: Packet): boolean => typeof data === 'string' && data.startsWith(ANSWER);

const waitingIn = (packets: readonly Packet[]): number =>
  packets.reduce((sum, packet) => sum + sizeOf(packet), 0);

const largestOf = (packets: readonly Packet[]): number =>
  packets.reduce((most, packet) => Math.max(most, sizeOf(packet)), 0);

/** Bytes of memory at most; a text has two for each character, or one. */
function sizeOf({ data, options }: Packet): number {
  const encoded = options?.wsPreEncodedFrame;
  if (encoded) return encoded.reduce((sum, { length }) => sum + length, 0);
  if (typeof data === 'string') return 2 * data.length;
  return Buffer.isBuffer(data) ? data.length : 0;
}
