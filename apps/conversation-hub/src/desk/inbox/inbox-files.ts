import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file of the inbox with its precompressed twins, in memory: all of them are a few megabytes. */
export interface InboxFile {
  type: string;
  etag: string;
  /** Its name holds a hash of its content, so it never changes. */
  immutable: boolean;
  content: Partial<Record<Encoding, Buffer>> & { identity: Buffer };
}

/** Reads the files of the folder by their URL path: `/index.html`. Empty when there is no such folder. */
export function readInboxFiles(folder: string): Map<string, InboxFile> {
  const files = new Map<string, InboxFile>();
  for (const path of listed(folder)) {
    const type = types[extname(path)];
    if (!type) continue;
    const identity = readFileSync(path);
    const [br, gzip] = [readIfThere(`${path}.br`), readIfThere(`${path}.gz`)];
    const url = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(url, {
      type,
      etag: `"${hashOf(identity)}"`,
      immutable: url.startsWith('/assets/'),
      content: { identity, ...(br && { br }), ...(gzip && { gzip }) },
    });
  }
  return files;
}

/** The best encoding that the file has and the browser takes (RFC 9110, 12.5.3; weights other than 0 are let be). */
export function encodingFor(file: InboxFile, acceptEncoding: string): Encoding {
  const taken = acceptEncoding
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0]);
  const best = (['br', 'gzip'] as const).find(
    (encoding) => file.content[encoding] && taken.includes(encoding),
  );
  return best ?? 'identity';
}

export const hashOf = (content: Buffer): string =>
  createHash('sha256').update(content).digest('base64url').slice(0, 16);

function listed(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
