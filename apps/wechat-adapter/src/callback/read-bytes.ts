import type { IncomingMessage } from 'node:http';
import type { Clock } from '@yixian/contracts';
import { CallbackRefused } from './callback-refused.ts';

/** The longest push that Tencent makes is some 10 KB; encrypted, a third more. */
const LONGEST = 128 * 1024;
/** How long a sender may take to say it, in ms. */
const PATIENCE = 4_000;

/** The bytes of a request. Throws {@link CallbackRefused} `too_large`, also when it does not come to an end. */
export async function readBytes(request: IncomingMessage, clock: Clock): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > LONGEST) throw new CallbackRefused('too_large');
  const chunks: Buffer[] = [];
  let size = 0;
  const cancel = clock.after(PATIENCE, () => request.destroy());
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LONGEST) throw new CallbackRefused('too_large');
      chunks.push(chunk);
    }
  } finally {
    cancel();
  }
  return Buffer.concat(chunks);
}
