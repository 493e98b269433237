import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

/** The id of the request that runs; in every log line written meanwhile. */
export const requestContext = new AsyncLocalStorage<{ requestId: string }>();

const PLAUSIBLE_ID = /^[\w-]{8,64}$/;

/** Gives each request an id, or keeps the one a proxy gave, and answers with it. */
export function requestIds(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && PLAUSIBLE_ID.test(given) ? given : randomUUID();
  response.setHeader('x-request-id', requestId);
  requestContext.run({ requestId }, next);
}
