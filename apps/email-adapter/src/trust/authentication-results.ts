import type { MailAuth } from '@yixian/contracts';
import { domainOf } from '../mailbox.ts';

type Verdict = MailAuth['spf'];
const verdicts = new Set<string>([
  'pass',
  'fail',
  'softfail',
  'neutral',
  'none',
  'temperror',
  'permerror',
  'policy',
]);
const verdictOf = (word: string | undefined): Verdict => {
  const lower = (word ?? 'none').toLowerCase();
  if (lower === 'hardfail') return 'fail';
  return verdicts.has(lower) ? (lower as Verdict) : 'none';
};

interface Method {
  result: Verdict;
  /** Such as `header.d` → `shop.cn`. */
  properties: Record<string, string>;
}

/**
 * What the server in front of us found (RFC 8601): the topmost header that bears our own authserv-id. Any other was
 * written by somebody else, perhaps by the sender. `undefined` when there is none.
 */
export function authenticationResults(
  headers: readonly { name: string; value: string }[],
  { authservId, from }: { authservId: string; from: string },
): MailAuth | undefined {
  for (const { name, value } of headers) {
    if (name !== 'authentication-results') continue;
    const [id, ...rest] = withoutComments(value).split(';');
    // A version number may follow the id.
    if (id?.trim().split(/\s+/)[0]?.toLowerCase() !== authservId.toLowerCase()) continue;
    return authOf(rest.map((text) => text.trim()).filter(Boolean), domainOf(from));
  }
  return undefined;
}

function authOf(texts: string[], domain: string): MailAuth {
  const methods = texts.map(methodOf).filter((method) => method !== undefined);
  const all = (name: string) => methods.filter((method) => method.name === name).map(({ method }) => method);
  const best = (name: string) => all(name).find(({ result }) => result === 'pass') ?? all(name)[0];
  const [spf, dmarc] = [best('spf'), best('dmarc')];
  const dkim =
    all('dkim').find((one) => one.result === 'pass' && aligned(dkimDomain(one), domain)) ?? best('dkim');
  const evidence = evidenceOf({ spf, dkim, dmarc, domain });
  return {
    spf: spf?.result ?? 'none',
    dkim: dkim?.result ?? 'none',
    dmarc: dmarc?.result ?? 'none',
    verified: evidence !== '',
    evidence,
  };
}

function evidenceOf(of: { spf?: Method; dkim?: Method; dmarc?: Method; domain: string }): string {
  const { spf, dkim, dmarc, domain } = of;
  if (dmarc?.result === 'fail' || domain === '') return '';
  if (dkim?.result === 'pass' && aligned(dkimDomain(dkim), domain)) return `dkim:${dkimDomain(dkim)}`;
  const sender = domainOf(spf?.properties['smtp.mailfrom'] ?? '');
  if (spf?.result === 'pass' && aligned(sender, domain)) return `spf:${sender}`;
  return dmarc?.result === 'pass' ? `dmarc:${domain}` : '';
}

const dkimDomain = ({ properties }: Method): string =>
  (properties['header.d'] ?? domainOf(properties['header.i'] ?? '')).toLowerCase();

/** The same domain, or one below the other: without a list of public suffixes, the strict part of relaxed alignment. */
function aligned(signer: string, domain: string): boolean {
  if (!signer.includes('.')) return false;
  return signer === domain || domain.endsWith(`.${signer}`);
}

function methodOf(text: string): { name: string; method: Method } | undefined {
  const [, name, result, rest = ''] = /^([a-z0-9-]+)(?:\/\d+)?\s*=\s*([a-z]+)(.*)$/is.exec(text) ?? [];
  if (!name) return undefined;
  const properties: Record<string, string> = {};
  for (const [, key, quoted, bare] of rest.matchAll(/([a-z]+\.[a-z0-9_-]+)\s*=\s*(?:"([^"]*)"|(\S+))/gi)) {
    properties[key!.toLowerCase()] = quoted ?? bare ?? '';
  }
  return { name: name.toLowerCase(), method: { result: verdictOf(result), properties } };
}

/** Comments may be within each other. */
function withoutComments(value: string): string {
  let depth = 0;
  let text = '';
  for (const character of value) {
    if (character === '(') depth += 1;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (depth === 0) text += character;
  }
  return text;
}
