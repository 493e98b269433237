import type { NextFunction, Request, Response } from 'express';
import { Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Times every request by route, never by path: ids in label values would grow without end. */
export function requestMetrics(registry: Registry) {
  const seconds = new Histogram({
    name: 'yixian_http_request_seconds',
    help: 'Time to answer HTTP requests, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    const stop = seconds.startTimer({ method: request.method });
    response.once('close', () => {
      const { path } = (request.route ?? {}) as { path?: unknown };
      stop({ route: typeof path === 'string' ? path : 'none', status: response.statusCode });
    });
    next();
  };
}
