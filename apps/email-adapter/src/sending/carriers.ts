import type { AccountId } from '@yixian/contracts';
import type { Mailbox } from '../mailbox.ts';
import type { Carrier } from './carrier.ts';
import type { OutboxPreview } from './outbox-preview.ts';
import { SmtpCarrier } from './smtp-carrier.ts';
import type { Login } from '../oauth/login.ts';

/** The carrier of each mailbox, made when first needed and anew when its settings or its token changed. */
export class Carriers {
  private readonly made = new Map<AccountId, { of: string; carrier: Carrier }>();

  constructor(
    private readonly means: {
      preview: OutboxPreview;
      greeting: string;
      login(mailbox: Mailbox): Promise<Login | undefined>;
    },
  ) {}

  /** Throws what the login throws, when a token cannot be had. */
  async of(mailbox: Mailbox): Promise<Carrier> {
    const login = mailbox.smtp.host ? await this.means.login(mailbox) : undefined;
    const of = `${mailbox.version} ${login?.accessToken ?? ''}`;
    const known = this.made.get(mailbox.id);
    if (known?.of === of) return known.carrier;
    known?.carrier.close();
    const carrier = mailbox.smtp.host
      ? new SmtpCarrier(mailbox, login, this.means.greeting)
      : this.means.preview.carrierOf(mailbox);
    this.made.set(mailbox.id, { of, carrier });
    return carrier;
  }

  forget(account: AccountId): void {
    this.made.get(account)?.carrier.close();
    this.made.delete(account);
  }

  close(): void {
    for (const account of this.made.keys()) this.forget(account);
  }
}
