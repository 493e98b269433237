import { createHash } from 'node:crypto';
import type { ChannelStore } from '@yixian/channel';
import type { AccountId, Clock, Payload } from '@yixian/contracts';
import { openSettings, sealSettings } from '@yixian/contracts/node';
import { z } from 'zod';
import type { Mailbox } from '../mailbox.ts';

const ANSWER_MS = 15_000;
/** A token is replaced this long before it ends, in ms. */
const MARGIN_MS = 60_000;

/** Where each provider gives tokens. https://developers.google.com/identity/protocols/oauth2/web-server#offline, https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow */
const tokenUrls: Record<string, string> = {
  google: 'https://oauth2.googleapis.com/token',
  microsoft: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
};

/** https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth */
const MICROSOFT_SCOPE =
  'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access';

const TokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().default(3600),
  /** Microsoft gives a new one each time; the old one ends some day. */
  refresh_token: z.string().optional(),
});

const Refusal = z.object({ error: z.string(), error_description: z.string().optional() });

/** The provider gives no token. `final`: only a person can help, by granting access anew. */
export class TokenRefused extends Error {
  readonly code = 'token_refused';
  constructor(
    message: string,
    readonly final: boolean,
  ) {
    super(message);
  }
}

const keptSchema: Payload = {
  type: 'object',
  properties: { refreshToken: { type: 'string', 'x-secret': true } },
};

/** Access tokens of mailboxes that log in by OAuth 2, renewed by their refresh tokens (RFC 6749 section 6). */
export class AccessTokens {
  private readonly known = new Map<AccountId, { version: number; token: string; until: number }>();

  constructor(
    private readonly means: {
      store: ChannelStore;
      clock: Clock;
      /** Seals refresh tokens that the provider replaced. */
      secret: Buffer;
    },
  ) {}

  /** Throws {@link TokenRefused}. */
  async of(mailbox: Mailbox): Promise<string> {
    const known = this.known.get(mailbox.id);
    const { clock } = this.means;
    if (known && known.version === mailbox.version && known.until > clock.now()) return known.token;
    const answer = await this.ask(mailbox);
    const until = clock.now() + answer.expires_in * 1000 - MARGIN_MS;
    this.known.set(mailbox.id, { version: mailbox.version, token: answer.access_token, until });
    if (answer.refresh_token) await this.keep(mailbox, answer.refresh_token);
    return answer.access_token;
  }

  /** The server did not take it: the next one is a new one. */
  forget(account: AccountId): void {
    this.known.delete(account);
  }

  private async ask(mailbox: Mailbox): Promise<z.infer<typeof TokenAnswer>> {
    const { provider, clientId, clientSecret, tokenUrl } = mailbox.oauth;
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      ...(clientSecret && { client_secret: clientSecret }),
      refresh_token: await this.refreshTokenOf(mailbox),
      ...(provider === 'microsoft' && { scope: MICROSOFT_SCOPE }),
    });
    const response = await fetch(tokenUrl || tokenUrls[provider]!, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch((cause: unknown) => {
      throw new TokenRefused(`The token service cannot be reached: ${String(cause)}`, false);
    });
    const json: unknown = await response.json().catch(() => undefined);
    const answer = TokenAnswer.safeParse(json);
    if (response.ok && answer.success) return answer.data;
    throw refusalOf(response.status, json);
  }

  /** The newest that the provider gave us, as long as it descends from the one that was set. */
  private async refreshTokenOf(mailbox: Mailbox): Promise<string> {
    const { store, secret } = this.means;
    const set = mailbox.oauth.refreshToken;
    const kept = await store.get<{ of: string; sealed: Payload }>(keyOf(mailbox.id));
    if (kept?.of !== hashOf(set)) return set;
    return String(openSettings(keptSchema, kept.sealed, secret)['refreshToken']);
  }

  private async keep(mailbox: Mailbox, refreshToken: string): Promise<void> {
    const { store, secret } = this.means;
    const sealed = sealSettings(keptSchema, { refreshToken }, secret);
    await store.put(keyOf(mailbox.id), { of: hashOf(mailbox.oauth.refreshToken), sealed });
  }
}

function refusalOf(status: number, json: unknown): TokenRefused {
  const said = Refusal.safeParse(json);
  const words = said.success ? `${said.data.error}: ${said.data.error_description ?? ''}` : `HTTP ${status}`;
  // RFC 6749 section 5.2: all of these need a person; a server that is out of order does not.
  return new TokenRefused(`The token service refuses: ${words}`, said.success && status < 500);
}

const keyOf = (account: AccountId): string => `oauth:${account}`;
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
