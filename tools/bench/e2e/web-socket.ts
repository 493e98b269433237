import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** The operations of RFC 6455 that a server uses. */
const TEXT = 1;
const BINARY = 2;
const PING = 9;
const PONG = 10;

/**
 * A WebSocket that costs a load generator next to nothing: texts go out under the mask 0 and come in as bytes. For
 * servers of our own on this machine; it checks nothing.
 */
export class WebSocketClient {
  private rest: Buffer = Buffer.alloc(0);
  private open = false;
  private readonly socket: Socket;

  constructor(
    private readonly to: { port: number; path: string },
    private readonly onText: (text: Buffer) => void,
    private readonly onClose: () => void,
    private readonly onOpen: () => void = () => {},
  ) {
    this.socket = connect({ port: to.port, host: '127.0.0.1', noDelay: true });
    this.socket.write(this.greeting());
    this.socket.on('data', (chunk: Buffer) => this.read(chunk));
    this.socket.on('error', () => {});
    this.socket.on('close', () => this.onClose());
  }

  send(text: string): void {
    this.write(TEXT, Buffer.from(text));
  }

  /** Leaves what comes in the kernel, as a browser does that hangs. */
  stopReading(): void {
    this.socket.pause();
  }

  close(): void {
    this.socket.destroy();
  }

  private greeting(): string {
    const { port, path } = this.to;
    const headers = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    return `${[`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, key].join('\r\n')}\r\n\r\n`;
  }

  private read(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    if (!this.open) {
      const end = this.rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.open = true;
      this.onOpen();
      this.rest = this.rest.subarray(end + 4);
    }
    this.readFrames();
  }

  private readFrames(): void {
    let at = 0;
    for (;;) {
      const frame = frameAt(this.rest, at);
      if (!frame) break;
      at = frame.end;
      if (frame.operation === TEXT || frame.operation === BINARY) this.onText(frame.payload);
      if (frame.operation === PING) this.write(PONG, frame.payload);
    }
    this.rest = this.rest.subarray(at);
  }

  private write(operation: number, payload: Buffer): void {
    const long = payload.length >= 126;
    const head = Buffer.alloc(long ? 8 : 6);
    head[0] = 128 | operation;
    head[1] = 128 | (long ? 126 : payload.length);
    if (long) head.writeUInt16BE(payload.length, 2);
    this.socket.write(Buffer.concat([head, payload]));
  }
}

function frameAt(bytes: Buffer, at: number): { operation: number; payload: Buffer; end: number } | undefined {
  if (bytes.length < at + 2) return undefined;
  const short = bytes[at + 1]! & 127;
  const head = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < at + head) return undefined;
  const length =
    short === 127
      ? Number(bytes.readBigUInt64BE(at + 2))
      : short === 126
        ? bytes.readUInt16BE(at + 2)
        : short;
  const end = at + head + length;
  if (bytes.length < end) return undefined;
  return { operation: bytes[at]! & 15, payload: bytes.subarray(at + head, end), end };
}
