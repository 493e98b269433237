import type { ChannelHost } from '@yixian/channel';
import { isOpen } from '@yixian/channel';
import type { Mailbox } from '../mailbox.ts';
import { domainOf } from '../mailbox.ts';
import type { ParsedMail } from '../parsing/parsed-mail.ts';
import { derivedId } from '@yixian/contracts/node';
import type { Carrier } from '../sending/carrier.ts';
import { htmlFrom } from '../sending/html-from.ts';
import type { MailRecords } from '../threading/mail-records.ts';
import { answerReferences, automaticHeaders } from '../to-mail.ts';
import { baseSubject } from '../threading/subject.ts';
import { mayAnswer } from './may-answer.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

export interface ToAnswer {
  mailbox: Mailbox;
  nativeId: string;
  mail: ParsedMail;
  envelopeFrom: string | undefined;
  /** The customer, in lower case. */
  customer: string;
  /** False: the sender is forged, and the answer would go to somebody else. */
  credible: boolean;
  thread: string | null;
}

/** Answers customers at once, where the mailbox wants it: each mail once, each sender only so often, machines never. */
export class AutoReply {
  constructor(
    private readonly means: {
      host: ChannelHost;
      records: MailRecords;
      carrier(mailbox: Mailbox): Promise<Carrier>;
      isOurs(address: string): boolean;
    },
  ) {}

  /** Never rejects: the mail is taken in whether or not it is answered. */
  async answer(to: ToAnswer): Promise<void> {
    const { host } = this.means;
    try {
      if (this.wanted(to) && (await this.claim(to))) await this.send(to);
    } catch (error) {
      host.log('warn', 'An automatic reply could not be sent.', { err: error, account: to.mailbox.id });
    }
  }

  private wanted({ mailbox, mail, customer, envelopeFrom, credible }: ToAnswer): boolean {
    const { autoReply, hours, timeZone } = mailbox;
    if (autoReply.when === 'off' || autoReply.text.trim() === '' || !credible) return false;
    if (autoReply.when === 'closed' && isOpen(hours, timeZone, this.means.host.clock.now())) return false;
    const { payload, headers } = mail;
    const addressed = [...payload.to, ...payload.cc].map(({ address }) => address);
    const { isOurs } = this.means;
    return mayAnswer({ headers, auto: payload.auto, sender: customer, envelopeFrom, addressed, isOurs });
  }

  /** Takes the right to answer this mail, once for ever, and one of the few that its sender gets in an hour. */
  private async claim({ mailbox, nativeId, customer }: ToAnswer): Promise<boolean> {
    const { store, clock } = this.means.host;
    const now = clock.now();
    const mine = `auto:${mailbox.id}:${derivedId('auto', nativeId)}`;
    if (!(await store.add(mine, true, { expiresAt: now + 30 * DAY_MS }))) return false;
    for (let slot = 0; slot < mailbox.autoReply.perHour; slot++) {
      const key = `auto-slot:${mailbox.id}:${derivedId('sender', customer)}:${slot}`;
      if (await store.add(key, now, { expiresAt: now + HOUR_MS })) return true;
    }
    return false;
  }

  private async send({ mailbox, nativeId, mail, customer, thread }: ToAnswer): Promise<void> {
    const { records, carrier } = this.means;
    const { subject, messageId, references } = mail.payload;
    const id = `${derivedId('auto-reply', mailbox.id, nativeId)}@${domainOf(mailbox.address)}`;
    const before = answerReferences(references, messageId ?? undefined);
    const answer = mailbox.autoReply.subject || `自动回复 Auto: ${baseSubject(subject)}`;
    await records.saveMail(mailbox.id, id, { thread, subject: answer, references: before });
    const { text } = mailbox.autoReply;
    await (
      await carrier(mailbox)
    ).carry({
      messageId: `<${id}>`,
      from: { name: mailbox.senderName || mailbox.name, address: mailbox.address },
      to: customer,
      subject: answer,
      ...(messageId && { inReplyTo: `<${messageId}>` }),
      references: before.map((one) => `<${one}>`),
      text,
      html: htmlFrom(text),
      headers: automaticHeaders('auto-replied'),
      // What bounces of this must come back to nobody (RFC 3834 section 3.3); servers that one logs in to want a name.
      envelope: { from: mailbox.smtp.user ? mailbox.address : '', to: [customer] },
    });
  }
}
