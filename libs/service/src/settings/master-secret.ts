import { hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MasterSecret } from '../app.ts';

/** Characters of a secret that a person may choose; 32 hex digits hold 128 bits. */
export const SHORTEST_SECRET = 32;

/** Keys for sealing and signing from one secret, so that there is one thing to keep. HKDF-SHA-256, RFC 5869. */
export function masterSecret(secret: string): MasterSecret {
  const keys = new Map<string, Buffer>();
  return {
    key(purpose) {
      const known = keys.get(purpose);
      if (known) return known;
      const key = Buffer.from(hkdfSync('sha256', secret, 'yixian', purpose, 32));
      keys.set(purpose, key);
      return key;
    },
  };
}

/**
 * The secret kept in `dataDir/secret`, made on first use, readable by the owner alone. Of two processes that make it
 * at once one wins and both use that one. Losing the file means that sealed account settings cannot be opened.
 */
export async function keptSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret');
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found !== undefined) return found.trim();
  await mkdir(dataDir, { recursive: true });
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  return (await readFile(path, 'utf8')).trim();
}
