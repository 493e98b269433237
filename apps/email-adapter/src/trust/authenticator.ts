import type { Clock, MailAuth } from '@yixian/contracts';
import { pause } from '@yixian/contracts';
import type { AuthenticateResult } from 'mailauth';
import { domainOf } from '../mailbox.ts';
import type { ParsedMail } from '../parsing/parsed-mail.ts';
import type { Arrival } from '../receiving/arrival.ts';
import { authenticationResults } from './authentication-results.ts';
import type { DnsResolver } from './guarded-resolver.ts';

/** A mail does not wait longer than this for the name servers of its sender. */
const PATIENCE_MS = 5_000;
const UNKNOWN: MailAuth = {
  spf: 'temperror',
  dkim: 'temperror',
  dmarc: 'temperror',
  verified: false,
  evidence: '',
};

/** Nothing could be looked at: no signature, and the network is not the sender's. */
const NOTHING: MailAuth = { spf: 'none', dkim: 'none', dmarc: 'none', verified: false, evidence: '' };

/**
 * Says who really sent a mail: by the server in front of us where it tells under our own authserv-id, else by looking
 * ourselves at SPF, DKIM and DMARC.
 */
export class Authenticator {
  constructor(
    private readonly means: {
      clock: Clock;
      resolver: DnsResolver;
      authservId: string | undefined;
      hostname: string;
      warn(message: string, detail: Record<string, unknown>): void;
    },
  ) {}

  async authOf(arrival: Arrival, mail: ParsedMail): Promise<MailAuth | null> {
    const from = mail.payload.from.address;
    if (!from) return null;
    const authservId = this.frontOf(arrival);
    const told = authservId && authenticationResults(mail.headers, { authservId, from });
    if (told) return told;
    const { clock, warn } = this.means;
    const late = new AbortController();
    try {
      const looked = this.look(arrival, mail);
      return await Promise.race([looked, pause(clock, PATIENCE_MS, late.signal).then(() => UNKNOWN)]);
    } catch (error) {
      warn('The sender of a mail could not be checked.', { err: error });
      return null;
    } finally {
      late.abort();
    }
  }

  /** The authserv-id of whoever stands between the world and us, if we believe them. */
  private frontOf({ peer, to }: Arrival): string | undefined {
    if (peer) return peer.trusted ? this.means.authservId : undefined;
    return to.find(({ mailbox }) => mailbox.imap.authservId)?.mailbox.imap.authservId || undefined;
  }

  private async look({ raw, peer, envelopeFrom }: Arrival, mail: ParsedMail): Promise<MailAuth> {
    // Behind a server of ours the address that we see says nothing of the sender.
    const isDirect = peer !== undefined && !peer.trusted;
    if (!isDirect && !mail.headers.some(({ name }) => name === 'dkim-signature')) return NOTHING;
    // As much code as all the rest of the mail channel: loaded for the first mail that needs it.
    const { authenticate } = await import('mailauth');
    const result = await authenticate(raw, {
      resolver: this.means.resolver,
      mta: this.means.hostname,
      disableArc: true,
      disableBimi: true,
      ...(isDirect && { ip: peer.ip, helo: peer.helo, sender: envelopeFrom ?? '' }),
    });
    const auth = toAuth(result, domainOf(mail.payload.from.address));
    // Where SPF could not be looked at, its part may have passed.
    return !isDirect && auth.dmarc === 'fail' ? { ...auth, dmarc: 'none' } : auth;
  }
}

function toAuth({ spf, dkim, dmarc }: AuthenticateResult, domain: string): MailAuth {
  const results = dkim.results ?? [];
  const passed = results.find(({ status }) => status.result === 'pass' && status.aligned);
  const best = passed ?? results.find(({ status }) => status.result === 'pass') ?? results[0];
  const spfWord = wordOf(spf ? spf.status.result : undefined);
  const dmarcWord = wordOf(dmarc ? dmarc.status.result : undefined);
  const isSpfAligned = Boolean(
    spfWord === 'pass' && spf && spf.domain && spf.domain.toLowerCase() === domain,
  );
  let evidence = '';
  if (dmarcWord !== 'fail' && passed) evidence = `dkim:${passed.signingDomain}`;
  else if (dmarcWord !== 'fail' && isSpfAligned) evidence = `spf:${domain}`;
  else if (dmarcWord === 'pass') evidence = `dmarc:${domain}`;
  return {
    spf: spfWord,
    dkim: wordOf(best?.status.result),
    dmarc: dmarcWord,
    verified: evidence !== '',
    evidence,
  };
}

/** mailauth says `temperr` here and there, and `skipped` where there was nothing to do. */
function wordOf(word: string | undefined): MailAuth['spf'] {
  if (word === undefined || word === 'skipped') return 'none';
  return word === 'temperr' ? 'temperror' : (word as MailAuth['spf']);
}
