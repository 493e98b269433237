import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Content in the encodings that browsers take. */
export interface Encoded {
  type: string;
  etag: string;
  plain: Buffer;
  gzip: Buffer;
  br: Buffer;
}

/** Text to serve, compressed once. */
export function encoded(text: string | Buffer, type: string): Encoded {
  const plain = Buffer.from(text);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { type, etag, plain, gzip: gzipSync(plain, { level: 9 }), br: brotliCompressSync(plain) };
}

/** The widget's built browser part, read once. It is 150 KB. */
export class UiFiles {
  private constructor(
    /** The loader, without a site. */
    readonly loader: string,
    /** The panel's page, without a site. */
    readonly panel: string,
    readonly shopStyle: Encoded,
    private readonly assets: Map<string, Encoded>,
  ) {}

  /** Undefined when `folder` holds no build. */
  static read(folder: string | undefined): UiFiles | undefined {
    if (!folder || !existsSync(join(folder, 'loader.js'))) return undefined;
    const names = readdirSync(join(folder, 'assets')).filter((name) => types[extname(name)]);
    return new UiFiles(
      readFileSync(join(folder, 'loader.js'), 'utf8'),
      readFileSync(join(folder, 'panel.html'), 'utf8'),
      encoded(readFileSync(join(folder, 'demo/shop.css')), types['.css']!),
      new Map(names.map((name) => [name, asset(folder, name)])),
    );
  }

  asset(name: string): Encoded | undefined {
    return this.assets.get(name);
  }
}

function asset(folder: string, name: string): Encoded {
  return encoded(readFileSync(join(folder, 'assets', name)), types[extname(name)]!);
}

/**
 * Where the build lies: beside the program (dist/apps/chat-widget/main.js), beside its neighbour
 * (dist/apps/standalone/main.js), or under the root that the sources run from.
 */
export function findUiFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = ['ui', 'chat-widget/ui', 'dist/apps/chat-widget/ui']
      .map((place) => join(folder, place))
      .find((place) => existsSync(join(place, 'loader.js')));
    if (found || folder === dirname(folder)) return found;
  }
}
