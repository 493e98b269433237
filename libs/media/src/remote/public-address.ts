import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * What is not the public Internet: the special-purpose registries of IANA (RFC 6890 and its updates) for IPv4, and of
 * IPv6 all but global unicast, without the ranges in it that carry an IPv4 address or are for documentation.
 */
const closedV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
const globalV6 = ['2000::/3'];
const closedV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const v4 = listOf(closedV4, 'ipv4');
const v6 = { global: listOf(globalV6, 'ipv6'), closed: listOf(closedV6, 'ipv6') };

/** Whether an IP address is one that anybody on the Internet could reach: not ours, not our neighbours'. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !v4.check(address, 'ipv4');
  if (!isIPv6(address)) return false;
  return v6.global.check(address, 'ipv6') && !v6.closed.check(address, 'ipv6');
}

function listOf(ranges: string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net, prefix] = range.split('/') as [string, string];
    list.addSubnet(net, Number(prefix), family);
  }
  return list;
}
