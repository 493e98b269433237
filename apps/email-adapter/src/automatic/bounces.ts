import type { ChannelHost } from '@yixian/channel';
import type { Address, EntryId, MailBounce } from '@yixian/contracts';
import type { Mailbox } from '../mailbox.ts';
import type { ParsedMail } from '../parsing/parsed-mail.ts';
import type { KnownMail, MailRecords } from '../threading/mail-records.ts';
import type { ReplyTokens } from '../threading/reply-token.ts';
import { referencesOf } from '../threading/thread-finder.ts';

/** Leads a mail of ours that came back to the message that it was, and to the address that it was for. */
export class Bounces {
  constructor(private readonly means: { host: ChannelHost; records: MailRecords; tokens: ReplyTokens }) {}

  /** True when it is settled; false: it says nothing of a message of ours, so that a person has to read it. */
  async settle(mailbox: Mailbox, recipients: readonly string[], { payload }: ParsedMail): Promise<boolean> {
    const { bounce } = payload;
    // Neither hard nor soft: a report that it is late, or arrived.
    if (!bounce || bounce.kind === 'unknown') return false;
    const sent = await this.messageOf(mailbox, recipients, payload);
    if (!sent?.entry || !sent.to) return false;
    // Somebody who only got a copy: the customer has it all the same.
    if (bounce.recipient && bounce.recipient.toLowerCase() !== sent.to) return false;
    await this.climb(mailbox, { entry: sent.entry, to: sent.to, bounce });
    return true;
  }

  private async climb(
    mailbox: Mailbox,
    { entry, to, bounce }: { entry: EntryId; to: Address; bounce: MailBounce },
  ): Promise<void> {
    const { host, records } = this.means;
    const reason = [bounce.reason, bounce.status].filter(Boolean).join(' ').slice(0, 500);
    await host.report({ messageId: entry, state: 'bounced', reason });
    if (bounce.kind !== 'hard') return;
    await host.reportAddress(mailbox.id, to, { undeliverable: { reason } });
    await records.markDead(mailbox.id, to);
  }

  private async messageOf(
    mailbox: Mailbox,
    recipients: readonly string[],
    payload: ParsedMail['payload'],
  ): Promise<KnownMail | undefined> {
    const { records, tokens } = this.means;
    const token = tokens.find(mailbox.id, recipients);
    const ids = [
      ...(token?.kind === 'mail' ? [`${token.id}@${mailbox.address.split('@').at(-1)!.toLowerCase()}`] : []),
      ...(payload.bounce?.originalMessageId ? [payload.bounce.originalMessageId] : []),
      ...referencesOf(payload),
    ];
    for (const id of ids) {
      const known = await records.mail(mailbox.id, id);
      if (known?.entry) return known;
    }
    return undefined;
  }
}
