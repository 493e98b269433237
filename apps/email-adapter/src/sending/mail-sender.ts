import type { ChannelHost, Sent } from '@yixian/channel';
import { DeliveryError } from '@yixian/channel';
import { MailReply } from '@yixian/contracts';
import type { Attachment, SendMessage } from '@yixian/contracts';
import type { SendMailOptions } from 'nodemailer';
import type { Mailbox } from '../mailbox.ts';
import { messageIdIn } from '../receiving/fingerprint.ts';
import type { MailRecords } from '../threading/mail-records.ts';
import type { ReplyTokens } from '../threading/reply-token.ts';
import { numberOf } from '../threading/conversation-number.ts';
import { answerReferences, messageIdOf, toMail } from '../to-mail.ts';
import type { Answered, Return } from '../to-mail.ts';
import type { Carriers } from './carriers.ts';
import { DEAD_ADDRESS } from './delivery-error-of.ts';
import { lazily } from './lazily.ts';

/** Sends messages as mails. What their answers and bounces will refer to is remembered before they go. */
export class MailSender {
  constructor(
    private readonly means: {
      host: ChannelHost;
      records: MailRecords;
      tokens: ReplyTokens;
      carriers: Carriers;
      /** The server did not take our login. */
      loginRefused(mailbox: Mailbox): void;
    },
  ) {}

  async send(message: SendMessage, mailbox: Mailbox): Promise<Sent> {
    const reply = replyOf(message);
    const answered = await this.answered(message, mailbox);
    await this.remember(message, { mailbox, reply, answered });
    const mail = toMail(message, {
      mailbox,
      reply,
      answered,
      back: this.backTo(message, mailbox),
      files: message.attachments.map((file) => this.fileOf(file)),
    });
    return this.carry(message, mailbox, mail);
  }

  private async carry(message: SendMessage, mailbox: Mailbox, mail: SendMailOptions): Promise<Sent> {
    const { carriers, host } = this.means;
    const carrier = await carriers.of(mailbox).catch((cause: unknown) => {
      throw new DeliveryError('login_failed', {
        retryable: true,
        certain: true,
        message: String(cause),
        cause,
      });
    });
    try {
      const { state, refused } = await carrier.carry(mail);
      if (refused.some((address) => address.toLowerCase() === message.address)) {
        throw new DeliveryError('refused', {
          retryable: false,
          certain: true,
          message: 'Only others got it.',
        });
      }
      if (refused.length > 0)
        host.log('warn', 'Some recipients of a mail were refused.', { message: message.id });
      return { state, nativeId: messageIdOf(message, mailbox) };
    } catch (error) {
      if (error instanceof DeliveryError && error.code === 'login_failed') this.means.loginRefused(mailbox);
      if (error instanceof DeliveryError && DEAD_ADDRESS.has(error.code)) {
        const undeliverable = { reason: error.message.slice(0, 500) };
        await host.reportAddress(mailbox.id, message.address, { undeliverable });
      }
      throw error;
    }
  }

  /** The mail of the customer that the agent answers, as far as it is known. */
  private async answered({ inReplyTo, subject = '' }: SendMessage, mailbox: Mailbox): Promise<Answered> {
    const messageId = inReplyTo && messageIdIn(inReplyTo);
    const known = messageId ? await this.means.records.mail(mailbox.id, messageId) : undefined;
    return {
      ...(messageId && { messageId }),
      references: known?.references ?? [],
      subject: known?.subject || subject,
    };
  }

  private async remember(
    message: SendMessage,
    { mailbox, reply, answered }: { mailbox: Mailbox; reply: MailReply; answered: Answered },
  ): Promise<void> {
    const { records } = this.means;
    const { id, thread = null, address, conversationId, subject = '' } = message;
    await records.saveMail(mailbox.id, messageIdOf(message, mailbox), {
      thread,
      subject: reply.subject ?? subject,
      references: answerReferences(answered.references, answered.messageId),
      entry: id,
      to: address,
    });
    if (thread === null) return;
    const people = [...reply.to, ...reply.cc].map((one) => one.address.toLowerCase());
    const participants = [address.toLowerCase(), ...people];
    await records.saveThread(mailbox.id, thread, {
      subject,
      customer: address,
      participants,
      conversationId,
    });
    if (mailbox.subjectNumber) await records.saveNumber(mailbox.id, numberOf(thread), thread);
  }

  private backTo({ id, thread }: SendMessage, mailbox: Mailbox): Return {
    if (!usesTokens(mailbox)) return {};
    const of = (kind: 'thread' | 'mail', named: string) =>
      this.means.tokens.tagged(mailbox.address, { account: mailbox.id, kind, id: named });
    const replyTo = thread && isUuid(thread) ? of('thread', thread) : undefined;
    // A server that one logs in to rarely lets us choose the sender of the envelope.
    const envelopeFrom = mailbox.smtp.user || mailbox.oauth.provider !== 'none' ? undefined : of('mail', id);
    return { ...(replyTo && { replyTo }), ...(envelopeFrom && { envelopeFrom }) };
  }

  private fileOf({ key, name, type }: Attachment) {
    const { media } = this.means.host;
    const open = async () => {
      const stored = await media.get(key);
      if (!stored) throw new Error(`The file ${name} is not in the store.`);
      return stored.content;
    };
    // A type that says nothing is better guessed from the name.
    const known = type === 'application/octet-stream' ? {} : { contentType: type };
    return { filename: name, ...known, content: lazily(open) };
  }
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

function usesTokens({ replyToken, imap }: Mailbox): boolean {
  return replyToken === 'always' || (replyToken === 'auto' && imap.host === '');
}

function replyOf({ payload }: SendMessage): MailReply {
  const reply = MailReply.safeParse(payload['mail'] ?? {});
  if (reply.success) return reply.data;
  const [issue] = reply.error.issues;
  const message = `mail.${issue?.path.join('.')}: ${issue?.message}`;
  throw new DeliveryError('address_invalid', { retryable: false, certain: true, message });
}
