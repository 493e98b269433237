import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem, ProblemCode } from '@yixian/contracts';
import type { MediaLinks } from '../media-links.ts';
import { RemoteImageRefused } from './remote-images.ts';
import type { RemoteImages } from './remote-images.ts';

/** What a media token must open to fetch images of others; agents' tokens open everything. */
const SCOPE = 'remote';

const statusOf: Partial<Record<ProblemCode, number>> = {
  invalid: 400,
  forbidden: 403,
  not_found: 404,
  too_large: 413,
  unsupported: 415,
  rate_limited: 429,
};

/**
 * A request handler for `GET <any prefix>?u=<address>&t=<token>`: gives an image that stands elsewhere, as
 * {@link RemoteImages} fetches it. Needs no cookie, keeps nothing, and what it gives can run nothing.
 */
export function serveRemoteImages(images: RemoteImages, links: MediaLinks) {
  return async (
    request: IncomingMessage & { originalUrl?: string },
    response: ServerResponse,
  ): Promise<void> => {
    const { searchParams } = new URL(request.originalUrl ?? request.url ?? '/', 'http://media');
    const verdict = links.verify(searchParams.get('t') ?? '', SCOPE);
    if (verdict !== 'valid') return refuse(response, 403, `token_${verdict}`, 'This link is not valid.');
    try {
      const { content, type } = await images.fetch(searchParams.get('u') ?? '');
      response.writeHead(200, {
        'content-type': type,
        'content-length': content.length,
        'content-disposition': 'inline',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'cache-control': 'private, max-age=86400',
      });
      response.end(content);
    } catch (error) {
      if (!(error instanceof RemoteImageRefused)) throw error;
      refuse(response, statusOf[error.code] ?? 502, error.code, error.message);
    }
  };
}

function refuse(response: ServerResponse, status: number, code: ProblemCode, message: string): void {
  const body: Problem = { error: { code, message } };
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
