import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Problem, ProblemCode } from '@yixian/contracts';
import { byteRange } from './byte-range.ts';
import type { ByteRange } from './byte-range.ts';
import { isKey } from './content-key.ts';
import { contentDisposition } from './file-name.ts';
import type { MediaLinks } from './media-links.ts';
import type { MediaStore, StoredMedia } from './media-store.ts';

/** Types a browser shows without running anything. Everything else is for saving. */
const SHOWN = new Set(
  [
    ['image', 'png apng jpeg gif webp avif bmp'],
    ['audio', 'mpeg ogg wav x-wav vnd.wave aac mp4 x-m4a flac x-flac opus webm amr'],
    ['video', 'mp4 webm ogg quicktime'],
    ['application', 'pdf'],
  ].flatMap(([family, kinds]) => kinds!.split(' ').map((kind) => `${family}/${kind}`)),
);

const KEEP = 'private, max-age=31536000, immutable';

/**
 * A request handler for `GET|HEAD <any prefix>/<key>?t=<token>[&name=<file name>][&download=1]`, for Express, Nest or
 * plain `node:http`. What it gives can run no script, is named as its sniffed type, and needs no cookie.
 */
export function serveMedia(store: MediaStore, links: MediaLinks) {
  return async (
    request: IncomingMessage & { originalUrl?: string },
    response: ServerResponse,
  ): Promise<void> => {
    const url = new URL(request.originalUrl ?? request.url ?? '/', 'http://media');
    const key = url.pathname.split('/').slice(-3).join('/');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return refuse(response, 405, 'unsupported', 'Only GET and HEAD.');
    }
    if (!isKey(key)) return refuse(response, 404, 'not_found', 'There is no such file.');
    const verdict = links.verify(url.searchParams.get('t') ?? '', key);
    if (verdict === 'expired') return refuse(response, 403, 'token_expired', 'This link is no longer valid.');
    if (verdict === 'invalid') return refuse(response, 403, 'token_invalid', 'This link is not valid.');
    try {
      await give({ store, key, request, response, query: url.searchParams });
    } catch (error) {
      // Too late for an answer: the length was promised, so cutting the connection tells that it is not all.
      if (response.headersSent) return void response.destroy(error as Error);
      refuse(response, 503, 'unavailable', 'The file cannot be read now.');
    }
  };
}

interface Giving {
  store: MediaStore;
  key: string;
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
}

async function give(giving: Giving): Promise<void> {
  const { store, key, request, response, query } = giving;
  const etag = `"${key.slice(-64)}"`;
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, { etag, 'cache-control': KEEP }).end();
    return;
  }
  const whole = request.method === 'GET' && request.headers.range === undefined;
  // For anything but the whole, its first byte tells size and type; a bucket would send all of it otherwise.
  const found = await store.get(key, whole ? undefined : { start: 0, end: 0 });
  if (!found) return refuse(response, 404, 'not_found', 'There is no such file.');
  for (const [name, value] of Object.entries(headersOf(found, etag, query))) response.setHeader(name, value);
  if (whole) {
    writeHead(response, found, undefined);
    return pipeline(found.content, response);
  }
  found.content.destroy();
  await giveOther(giving, found, rangeOf(request, found, etag));
}

/** A part, or only the headers. */
async function giveOther(
  { store, key, request, response }: Giving,
  found: StoredMedia,
  range: ReturnType<typeof byteRange>,
): Promise<void> {
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${found.size}`);
    return refuse(response, 416, 'invalid', 'The file is shorter than that.');
  }
  const part = request.method === 'GET' ? await store.get(key, range) : undefined;
  writeHead(response, found, range);
  if (part) await pipeline(part.content, response);
  else response.end();
}

function rangeOf(request: IncomingMessage, found: StoredMedia, etag: string): ReturnType<typeof byteRange> {
  // A range of something else than the client holds a part of would make a broken file of the two.
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== etag) return undefined;
  return byteRange(request.headers.range, found.size);
}

function writeHead(response: ServerResponse, found: StoredMedia, range: ByteRange | undefined): void {
  if (!range) {
    response.writeHead(200, { 'content-length': found.size });
    return;
  }
  response.writeHead(206, {
    'content-length': range.end - range.start + 1,
    'content-range': `bytes ${range.start}-${range.end}/${found.size}`,
  });
}

function headersOf(found: StoredMedia, etag: string, query: URLSearchParams): Record<string, string> {
  const shown = SHOWN.has(found.type) && !query.has('download');
  return {
    'content-type': found.type === 'text/plain' ? 'text/plain; charset=utf-8' : found.type,
    'content-disposition': contentDisposition(shown ? 'inline' : 'attachment', query.get('name') ?? 'file'),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    // The link itself is the right to read; it must not travel on.
    'referrer-policy': 'no-referrer',
    'cache-control': KEEP,
    'accept-ranges': 'bytes',
    etag,
  };
}

function matches(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) ?? false;
}

function refuse(response: ServerResponse, status: number, code: ProblemCode, message: string): void {
  const body: Problem = { error: { code, message } };
  for (const name of ['content-disposition', 'etag', 'accept-ranges']) response.removeHeader(name);
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
