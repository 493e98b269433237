import { createDecipheriv } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The least that could answer a push: HTTP, AES, and `success`. Nothing is checked, nothing is kept. */
export async function openBareCallbacks(
  encodingAesKey: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, encrypt = ''] = /<Encrypt><!\[CDATA\[([^\]]+)/.exec(Buffer.concat(chunks).toString()) ?? [];
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    Buffer.concat([decipher.update(Buffer.from(encrypt, 'base64')), decipher.final()]);
    response.end('success');
  });
  // It idles while the other is measured.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
