import type { Mailbox } from '../mailbox.ts';
import { AccessTokens } from './access-tokens.ts';
import type { Login } from './login.ts';

/** How to log in to the servers of a mailbox. */
export class Logins {
  private readonly tokens: AccessTokens;

  constructor(means: ConstructorParameters<typeof AccessTokens>[0]) {
    this.tokens = new AccessTokens(means);
  }

  /** Throws `TokenRefused`. */
  async forImap(mailbox: Mailbox): Promise<Login> {
    const { imap, address } = mailbox;
    const user = imap.user || address;
    return usesToken(mailbox)
      ? { user, accessToken: await this.tokens.of(mailbox) }
      : { user, pass: imap.password };
  }

  /** `undefined`: without login. Throws `TokenRefused`. */
  async forSmtp(mailbox: Mailbox): Promise<Login | undefined> {
    const { smtp, address } = mailbox;
    if (usesToken(mailbox)) return { user: smtp.user || address, accessToken: await this.tokens.of(mailbox) };
    return smtp.user ? { user: smtp.user, pass: smtp.password } : undefined;
  }

  /** A server did not take it: a token is asked for anew. */
  refused({ id }: Mailbox): void {
    this.tokens.forget(id);
  }
}

const usesToken = ({ oauth }: Mailbox): boolean => oauth.provider !== 'none';
