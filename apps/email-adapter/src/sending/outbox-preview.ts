import type { ChannelHost } from '@yixian/channel';
import type { Attachment } from '@yixian/contracts';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import type { Readable } from 'node:stream';
import type { Mailbox } from '../mailbox.ts';
import type { Carrier } from './carrier.ts';

/** A mail that would have been sent. */
export interface Previewed {
  at: string;
  account: string;
  from: string;
  to: string[];
  subject: string;
  /** The whole mail (RFC 5322) in the media store. */
  key: string;
  size: number;
}

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const PREFIX = 'outbox:';

/** Where mails of mailboxes without an SMTP server go: made as they would be sent, and shown to whoever looks. */
export class OutboxPreview {
  constructor(
    private readonly host: ChannelHost,
    private readonly largest: number,
  ) {}

  carrierOf(mailbox: Mailbox): Carrier {
    const transport = createTransport({
      streamTransport: true,
      newline: 'windows',
      disableFileAccess: true,
      disableUrlAccess: true,
      attachDataUrls: true,
    });
    return {
      carry: async (mail) => {
        const { message } = await transport.sendMail(mail);
        const kept = await this.host.media.put(message as Readable, {
          name: 'mail.eml',
          maxBytes: this.largest,
        });
        await this.list(mailbox, mail, kept);
        return { state: 'preview', refused: [] };
      },
      close: () => undefined,
    };
  }

  /** The newest first. */
  newest(limit: number): Promise<Previewed[]> {
    return this.host.store.last<Previewed>(PREFIX, limit).then((found) => found.map(({ value }) => value));
  }

  private async list(mailbox: Mailbox, mail: SendMailOptions, { key, size }: Attachment): Promise<void> {
    const { clock, store } = this.host;
    const at = new Date(clock.now()).toISOString();
    const to = mail.envelope?.to;
    const previewed: Previewed = {
      at,
      account: mailbox.id,
      from: mailbox.address,
      to: Array.isArray(to) ? to.map(String) : [],
      subject: mail.subject ?? '',
      key,
      size,
    };
    await store.put(`${PREFIX}${at}:${mail.messageId}`, previewed, { expiresAt: clock.now() + KEPT_MS });
  }
}
