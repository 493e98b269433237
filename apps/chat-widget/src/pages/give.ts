import type { Request, Response } from 'express';
import type { Encoded } from './ui-files.ts';

/** Answers with text in the best encoding the browser takes, or with 304 when it has it already. */
export function give(request: Request, response: Response, { type, etag, plain, gzip, br }: Encoded): void {
  response.setHeader('content-type', type);
  response.setHeader('etag', etag);
  response.setHeader('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === etag) return void response.status(304).end();
  const encoding = request.acceptsEncodings('br', 'gzip', 'identity');
  if (encoding === 'br' || encoding === 'gzip') response.setHeader('content-encoding', encoding);
  response.end(encoding === 'br' ? br : encoding === 'gzip' ? gzip : plain);
}
