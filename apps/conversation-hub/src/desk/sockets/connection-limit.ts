import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@yixian/contracts';
import { clientAddress, networkOf, problem, RateLimiter, Refused } from '@yixian/service';

/** How many seconds' worth of connections may come at once after a quiet time. */
const BURST_SECONDS = 2;

/**
 * A middleware of Engine.IO that lets one network address open only so many connections a second. Requests of a
 * connection that exists (`sid`) pass.
 */
export function limitConnections(
  clock: Clock,
  { perSecond, trustProxy }: { perSecond: number; trustProxy: number },
) {
  const limiter = new RateLimiter(clock, { perSecond, burst: perSecond * BURST_SECONDS });
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    if (request.url?.includes('sid=')) return next();
    const { headers, socket } = request;
    const address = clientAddress({ headers, remoteAddress: socket.remoteAddress }, trustProxy);
    const wait = limiter.take(networkOf(address));
    if (wait === 0) return next();
    refuse(request, response, Math.ceil(wait));
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, retryAfter: number): void {
  const body = JSON.stringify(problem(new Refused('rate_limited', 'Too many connections.', { retryAfter })));
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'retry-after': String(retryAfter),
    connection: 'close',
  };
  // An upgrade has no response object that could be written to.
  if (request.headers.upgrade) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    request.socket.end(['HTTP/1.1 429 Too Many Requests', ...lines, '', body].join('\r\n'));
  } else response.writeHead(429, headers).end(body);
}
