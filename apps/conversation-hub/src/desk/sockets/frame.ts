/** A packet for the desk's sockets, encoded once and written to many. */
export interface Frame {
  /** As Socket.IO has it (protocol 5): for long polling. */
  text: string;
  /** As WebSocket has it. */
  bytes: Buffer;
}

/** The packet `event` with one argument, which is JSON text already. */
export function encodeFrame(namespace: string, event: string, json: string): Frame {
  const text = `2${namespace},["${event}",${json}]`;
  return { text, bytes: webSocketFrame(`4${text}`) };
}

/** A whole, unmasked text frame (RFC 6455, 5.2), in one piece so that it is one write. */
function webSocketFrame(message: string): Buffer {
  const length = Buffer.byteLength(message);
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x81;
  frame[1] = start === 2 ? length : start === 4 ? 126 : 127;
  if (start === 4) frame.writeUInt16BE(length, 2);
  if (start === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(message, start);
  return frame;
}
