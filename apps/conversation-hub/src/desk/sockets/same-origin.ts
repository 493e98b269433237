import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser's request comes from a page of ours. Browsers name the page's origin in every WebSocket handshake;
 * in a same-origin GET (long polling) they do not, but then say so in `sec-fetch-site`.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return !/^(cross|same)-site$/.test(String(headers['sec-fetch-site'] ?? ''));
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return from.host === host || (publicUrl !== undefined && from.origin === new URL(publicUrl).origin);
}
