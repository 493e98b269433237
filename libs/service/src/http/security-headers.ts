import type { NextFunction, Request, Response } from 'express';

/** One year, in seconds. */
const HSTS = 31_536_000;

/**
 * What every answer carries unless its handler says otherwise: pages set a Content-Security-Policy of their own, and
 * what other sites may embed (the widget) sets its own `frame-ancestors`.
 */
export function securityHeaders(options: { https: boolean }) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'same-origin');
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader(
      'content-security-policy',
      "object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
    );
    if (options.https) response.setHeader('strict-transport-security', `max-age=${HSTS}`);
    next();
  };
}
