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
  const said = simplify(words).replaceAll(vagueHead, ' ');
  const code = telling(status) ?? enhancedIn(said) ?? enhancedIn(simplify(around)) ?? status;
  if (action === 'delayed') return { kind: 'soft', status: code ?? '4.0.0', reason: 'delayed' };
  const report = simplify(around);
  const all = `${said} ${report}`;
  const own = inPhase(reasonOf(said, code), all);
  const reason = choose(own, inPhase(reasonOf(report, null), all)) ?? reasonOfStatus(code) ?? 'undefined';
  return { kind: kindOf(reason, code, said), status: code ?? statusOf(reason, said), reason };
}

const simplify = (text: string) =>
  text
    .slice(0, MAX_WORDS)
    .toLowerCase()
    .replaceAll(/[\s\u3000]+/g, ' ')
    .replaceAll('’', "'");

/** What SES and IronPort write before the words of the server they quote. */
const vagueHead =
  /\b5\.\d\.\d - (?:unknown address error|other mail system problem|bad destination host|other (?:network|address) (?:problem|error)) (?=[45]\d\d)/g;

/** A status that says more than that something failed. */
const telling = (status: string | null) => (status !== null && !/^[245]\.0\.0$/.test(status) ? status : null);
const enhancedIn = (words: string) =>
  /(?:^|[\s(#:;,<[-])([45]\.\d\.\d{1,3})(?![\d.])/.exec(words)?.[1] ?? null;

function reasonOf(words: string, status: string | null): BounceReason | undefined {
  if (words === '') return undefined;
  const found = bounceRules.find((rule) => rule.words.test(words));
  if (!found) return undefined;
  return vague.has(found.reason) || found.reason === 'disabled'
    ? (reasonOfStatus(precise(status)) ?? found.reason)
    : found.reason;
}

/** The server's own reason, unless it is a vague one and the report knows that the address is dead. */
function choose(own: BounceReason | undefined, reported: BounceReason | undefined): BounceReason | undefined {
  if (own === undefined) return reported;
  return vague.has(own) && (reported === 'user-unknown' || reported === 'host-unknown') ? reported : own;
}

/**
 * What a reason means at the stage of the talk at which it was given. Whatever is unknown at the greeting or the
 * sender's address, it is not the recipient. And carriers that filter by the sender's domain, above all in Japan, take
 * the recipient and then, having seen the mail, call it unknown: that address is alive.
 */
function inPhase(reason: BounceReason | undefined, words: string): BounceReason | undefined {
  if (reason === undefined || kinds[reason] !== 'hard') return reason;
  if (beforeRecipient.test(words)) return 'rejected';
  return reason === 'user-unknown' &&
    afterData.test(words) &&
    unknownWithoutCode.test(words) &&
    !noRecipientLeft.test(words)
    ? 'filtered'
    : reason;
}

const beforeRecipient =
  /(?:after|reply to|response to) (?:the )?(?:mail from|ehlo|helo)|>>> (?:mail from|ehlo|helo)[^>]{0,300}<<< [45]\d\d/;
const afterData =
  /(?:reply to|response to|after) (?:the )?(?:end of )?(?:smtp )?data|>>> data <<< 55\d (?:5\.\d\.\d )?(?:: )?(?:unknown user|user unknown)|smtp command data/;
/** A server that was sent all commands at once (RFC 2920): what is called unknown at the data was so at the recipient. */
const noRecipientLeft = /<<< 5\d\d[ -][^<]{0,60}(?:\brcpt\b|no valid recipients?)/;
/** A plain `550 Unknown user`, without the code or the words of servers that look recipients up. */
const unknownWithoutCode =
  /55\d[ :<>-]+(?:5\.[02]\.0 )?(?:: )?(?:<?\S{1,100}@\S{1,100}>?:? )?(?:unknown user|user unknown)/;

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
  if (reason === 'takes-no-mail' || /mailbox unavailable/.test(said))
    return status?.startsWith('4') || /(?:^|\s)4\d\d[ -]/.test(said) ? 'soft' : 'hard';
  return kind;
}

function statusOf(reason: BounceReason, said: string): string | null {
  const known = bounceRules.find((rule) => rule.reason === reason)?.status;
  const reply = /(?:^|[\s:(<])([45])\d\d(?=[ -])/.exec(said)?.[1];
  if (!known) return reply ? `${reply}.0.0` : null;
  return reply === '4' ? `4${known.slice(1)}` : known;
}
