import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A WebSocket client in plain TCP, which enters a namespace of Socket.IO and can stop reading altogether. */
export class StallingClient {
  private received = '';

  private constructor(private readonly tcp: Socket) {
    tcp.on('data', (chunk: Buffer) => (this.received += chunk.toString('latin1')));
    tcp.on('error', () => {});
  }

  static async open(port: number, namespace: string): Promise<StallingClient> {
    const tcp = connect(port, '127.0.0.1');
    await new Promise((resolve) => tcp.once('connect', resolve));
    const client = new StallingClient(tcp);
    tcp.write(
      [
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
        'Host: 127.0.0.1',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        '\r\n',
      ].join('\r\n'),
    );
    await new Promise((resolve) => tcp.once('data', resolve));
    tcp.write(masked(`40${namespace},`));
    return client;
  }

  stopReading(): void {
    this.tcp.pause();
  }

  readOn(): void {
    this.tcp.resume();
  }

  hasHeard(text: string): boolean {
    return this.received.includes(text);
  }

  get bytesHeard(): number {
    return this.received.length;
  }

  get closed(): boolean {
    return this.tcp.closed || this.tcp.readableEnded;
  }

  close(): void {
    this.tcp.destroy();
  }
}

/** A short client's frame (RFC 6455, 5.3); a mask of zeros changes nothing. */
function masked(message: string): Buffer {
  const payload = Buffer.from(message);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
