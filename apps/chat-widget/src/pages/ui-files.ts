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

/** Text to serve, compressed once, unless it was when it was built. */
export function encoded(
  text: string | Buffer,
  type: string,
  built: Partial<Pick<Encoded, 'gzip' | 'br'>> = {},
): Encoded {
  const plain = Buffer.from(text);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  const { gzip = gzipSync(plain, { level: 9 }), br = brotliCompressSync(plain) } = built;
  return { type, etag, plain, gzip, br };
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
      readBuilt(join(folder, 'demo/shop.css')),
      new Map(names.map((name) => [name, readBuilt(join(folder, 'assets', name))])),
    );
  }

  asset(name: string): Encoded | undefined {
    return this.assets.get(name);
  }
}

/** A file with its twins, which the build writes beside it: to compress all of them takes a start a quarter of a second. */
function readBuilt(path: string): Encoded {
  const [gzip, br] = [`${path}.gz`, `${path}.br`].map((twin) =>
    existsSync(twin) ? readFileSync(twin) : undefined,
  );
  return encoded(readFileSync(path), types[extname(path)]!, { ...(gzip && { gzip }), ...(br && { br }) });
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
