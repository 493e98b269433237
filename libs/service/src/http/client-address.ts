import { isIP } from 'node:net';

/** What both an HTTP request and a socket's handshake have. */
interface Caller {
  headers: Record<string, string | string[] | undefined>;
  /** Of the connection. */
  remoteAddress: string | undefined;
}

/**
 * The address of a client behind `proxies` reverse proxies that we run: each appends to X-Forwarded-For what it saw,
 * so the entry that many places from the end is the first that no client could have made up.
 */
export function clientAddress({ headers, remoteAddress }: Caller, proxies: number): string {
  const header = headers['x-forwarded-for'];
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((part) => part.trim());
  const seen = [...forwarded.filter(Boolean), remoteAddress ?? ''];
  const address = seen[Math.max(0, seen.length - 1 - proxies)] ?? '';
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return isIP(plain) ? plain : (remoteAddress ?? 'unknown');
}

/** What to count a client by: an IPv4 address, or the /64 of an IPv6 one, since a customer is given that many. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.split('::');
  const front = head ? head.split(':') : [];
  const back = tail ? tail.split(':') : [];
  const groups = address.includes('::')
    ? [...front, ...Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0'), ...back]
    : front;
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
