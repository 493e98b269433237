import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type { Cancel, Clock, ProblemCode } from '@yixian/contracts';
import { fileTypeFromBuffer } from 'file-type';
import { isPublicAddress } from './public-address.ts';

/** The most bytes of one image, the longest a fetch may take in all (ms), and how often it may be sent elsewhere. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_TIME = 15_000;
const MAX_REDIRECTS = 3;
/** So many fetches at once: a mail with a thousand images must not take every socket. */
const AT_ONCE = 24;

/** Formats that are pixels and nothing else. SVG is a document. */
const SHOWN = /^image\/(png|apng|jpeg|gif|webp|avif|bmp|x-icon)$/;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface RemoteImage {
  content: Buffer;
  /** Sniffed, never what the server called it. */
  type: string;
}

/** The image was not fetched, and why. */
export class RemoteImageRefused extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly retryable = false,
  ) {
    super(message);
  }
}

interface Reach {
  /** All addresses of a host name. */
  resolve(host: string): Promise<string[]>;
  /** Whether we may connect to an address. */
  mayReach(address: string): boolean;
}

const theInternet: Reach = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  mayReach: isPublicAddress,
};

/**
 * Fetches images that a stranger's mail names, so that the reader's browser does not: no cookie, no referrer and no
 * address of a reader reaches the sender's server. Connects to public addresses only, to the very address that was
 * checked (a name that answers differently a moment later changes nothing), and checks each redirect anew.
 */
export class RemoteImages {
  private running = 0;

  constructor(
    private readonly clock: Clock,
    private readonly reach: Reach = theInternet,
  ) {}

  /** Throws {@link RemoteImageRefused}. */
  async fetch(address: string): Promise<RemoteImage> {
    if (this.running >= AT_ONCE) throw new RemoteImageRefused('rate_limited', 'Too many at once.', true);
    this.running += 1;
    const abort = new AbortController();
    const cancel: Cancel = this.clock.after(MAX_TIME, () => abort.abort());
    try {
      return await this.follow(address, abort.signal);
    } catch (error) {
      if (error instanceof RemoteImageRefused) throw error;
      throw new RemoteImageRefused('unavailable', 'The image’s server does not answer properly.', true);
    } finally {
      cancel();
      this.running -= 1;
    }
  }

  private async follow(address: string, signal: AbortSignal): Promise<RemoteImage> {
    let url = webAddress(address);
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const answer = await this.ask(url, signal);
      const next = REDIRECTS.has(answer.statusCode ?? 0) ? answer.headers.location : undefined;
      if (next === undefined) return imageOf(await bodyOf(answer));
      answer.destroy();
      url = webAddress(next, url);
    }
    throw new RemoteImageRefused('unsupported', 'The image is sent from place to place.');
  }

  private async ask(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
    const address = await this.checked(url.hostname.replace(/^\[|\]$/g, ''));
    const family = isIP(address);
    const pinned = ((_host, options, done) =>
      options.all ? done(null, [{ address, family }]) : done(null, address, family)) as LookupFunction;
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      request(url, {
        agent: false,
        lookup: pinned,
        signal,
        headers: { accept: 'image/*', 'user-agent': 'Mozilla/5.0 (compatible; image proxy)' },
      })
        .on('response', resolve)
        .on('error', reject)
        .end();
    });
  }

  /** One address of the host, after all of them were found to be public. */
  private async checked(host: string): Promise<string> {
    const addresses = isIP(host) ? [host] : await this.reach.resolve(host);
    const [first] = addresses;
    if (first === undefined || !addresses.every((address) => this.reach.mayReach(address)))
      throw new RemoteImageRefused('forbidden', 'The image is not on the public Internet.');
    return first;
  }
}

function webAddress(address: string, base?: URL): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new RemoteImageRefused('invalid', 'This is not the address of an image.');
  return url;
}

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw new RemoteImageRefused('not_found', `The image’s server answers ${answer.statusCode}.`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES)
      throw new RemoteImageRefused('too_large', `An image has at most ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function imageOf(content: Buffer): Promise<RemoteImage> {
  const type = (await fileTypeFromBuffer(content))?.mime;
  if (!type || !SHOWN.test(type)) throw new RemoteImageRefused('unsupported', 'This is not an image.');
  return { content, type };
}
