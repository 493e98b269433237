import type { MailBounce } from '../mail-payload.ts';
import { bounceRules, kinds, statusReasons } from './bounce-rules.ts';
import type { BounceReason } from './bounce-rules.ts';

export interface Diagnosis {
  /** What the failing server said. */
  words: string;
  /** What else the report says, asked when the server's words tell nothing. */
  around: string;
  status: string | null;
  action: string;
}

/** Words that are looked at. */
const MAX_WORDS = 6000;

/** Tells from a server's words, or else from its codes, why a mail was not delivered. */
export function diagnose({
  words,
  around,
  status,
  action,
}: Diagnosis): Pick<MailBounce, 'kind' | 'status' | 'reason'> {
  const said = simplify(words);
  const code = telling(status) ?? enhancedIn(said) ?? enhancedIn(simplify(around)) ?? status;
  if (action === 'delayed') return { kind: 'soft', status: code ?? '4.0.0', reason: 'delayed' };
  const reason =
    reasonOf(said, code) ?? reasonOf(simplify(around), null) ?? reasonOfStatus(code) ?? 'undefined';
  return { kind: kindOf(reason, code, said), status: code ?? statusOf(reason, said), reason };
}

const simplify = (text: string) =>
  text
    .slice(0, MAX_WORDS)
    .toLowerCase()
    .replaceAll(/[\s\u3000]+/g, ' ')
    .replaceAll('’', "'");

/** A status that says more than that something failed. */
const telling = (status: string | null) => (status !== null && !/^[245]\.0\.0$/.test(status) ? status : null);
const enhancedIn = (words: string) =>
  /(?:^|[\s(#:;,<[-])([45]\.\d\.\d{1,3})(?![\d.])/.exec(words)?.[1] ?? null;

function reasonOf(words: string, status: string | null): BounceReason | undefined {
  if (words === '') return undefined;
  const found = bounceRules.find((rule) => rule.words.test(words));
  if (!found) return undefined;
  return vague.has(found.reason) ? (reasonOfStatus(precise(status)) ?? found.reason) : found.reason;
}

/** Words that many failures share; a code that names one failure knows better. */
const vague = new Set<BounceReason>(['policy', 'system-error', 'rejected', 'network', 'filtered']);
const precise = (status: string | null) =>
  status !== null && /^5\.1\.[1236]$|^5\.1\.10$|^[45]\.2\.[23]$|^[45]\.4\.7$/.test(status) ? status : null;

const reasonOfStatus = (status: string | null) =>
  status === null ? undefined : statusReasons.find(([code]) => code.test(status))?.[1];

/** A server that says `try later` does not say that an address is dead. */
function kindOf(reason: BounceReason, status: string | null, said: string): MailBounce['kind'] {
  const kind = kinds[reason];
  if (kind !== 'hard') return kind;
  if (reason === 'takes-no-mail' || reason === 'disabled')
    return status?.startsWith('4') || /(?:^|\s)4\d\d[ -]/.test(said) ? 'soft' : 'hard';
  return kind;
}

function statusOf(reason: BounceReason, said: string): string | null {
  const known = bounceRules.find((rule) => rule.reason === reason)?.status;
  const reply = /(?:^|[\s:(<])([45])\d\d(?=[ -])/.exec(said)?.[1];
  if (!known) return reply ? `${reply}.0.0` : null;
  return reply === '4' ? `4${known.slice(1)}` : known;
}
