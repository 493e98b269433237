import type { Classified } from '../automatic/classify.ts';
import type { MailBounce } from '../mail-payload.ts';
import { headerOf } from '../mime/part.ts';
import { isVacation } from '../automatic/auto-reply.ts';
import { looksReturned } from './bounce-signs.ts';
import { diagnose } from './diagnose.ts';
import { readDeliveryStatus } from './delivery-report.ts';
import type { ReportedRecipient } from './delivery-report.ts';
import { failedRecipient, recipientBlocks, reportWords } from './report-words.ts';
import { readSesNotification } from './ses-notification.ts';
import { findPart, readReturned } from './returned-mail.ts';

/**
 * Whether a mail is one of ours that came back, and why. Complaints (RFC 5965), read receipts (RFC 8098), reports of
 * success and vacation notes are none.
 */
export function readBounce(mail: Classified): MailBounce | undefined {
  const { root, reader } = mail;
  if (isOtherReport(mail)) return undefined;
  const status = findPart(
    root,
    ({ type }) => type === 'message/delivery-status' || type === 'message/global-delivery-status',
  );
  if (status) {
    const recipients = readDeliveryStatus(status, reader);
    const failed = recipients.filter(({ action, status: code }) => isFailure(action, code));
    if (failed.length > 0) return worstOf(failed, mail);
    if (recipients.length > 0 && recipients.every(({ action }) => isSuccess(action))) return undefined;
  }
  const notified = readSesNotification(mail.text);
  if (notified !== undefined) return notified ?? undefined;
  if (!looksReturned(mail) || isVacation(mail)) return undefined;
  return fromWords(mail);
}

const isSuccess = (action: string) =>
  action === 'delivered' || action === 'relayed' || action === 'expanded' || action === 'deliverable';
const isFailure = (action: string, status: string | null) =>
  action === 'failed' ||
  action === 'delayed' ||
  (action === '' && status !== null && !status.startsWith('2')) ||
  (!isSuccess(action) && action !== '' && status?.startsWith('5') === true);

/** Complaints and receipts say by their structure that they are none of ours. */
function isOtherReport({ root }: Classified): boolean {
  const kind = root.typeParameters.get('report-type')?.toLowerCase() ?? '';
  if (/feedback-report|disposition-notification/.test(kind)) return true;
  return (
    findPart(
      root,
      ({ type }) => type === 'message/feedback-report' || type === 'message/disposition-notification',
    ) !== undefined
  );
}

/** Of several recipients the one that is dead, since that is news for good; else the first. */
function worstOf(recipients: readonly ReportedRecipient[], mail: Classified): MailBounce {
  const returned = readReturned(mail.root, mail.text);
  const words = reportWords(mail.text);
  const blocks = recipientBlocks(words);
  const bounces = recipients.map((recipient): MailBounce => {
    const around =
      blocks.find((block) => recipient.final !== null && block.includes(recipient.final)) ?? words;
    const found = diagnose({
      words: rejectionIn(around) ?? recipient.diagnostic,
      around,
      status: recipient.status,
      action: recipient.action,
    });
    return { ...found, recipient: addressee(recipient, returned.to), originalMessageId: returned.messageId };
  });
  return bounces.find(({ kind }) => kind === 'hard') ?? bounces[0]!;
}

/** What the program that was to put the mail into the mailbox says, as Dovecot and its like word it (their default `rejection_reason`). */
const rejectionIn = (words: string) =>
  /^your message to \S{1,320} was automatically rejected:\s{0,4}([^]{1,1000})/im.exec(words)?.[1];

/** Where a forwarding host bounced, the address that was written to, if the returned mail shows that it was. */
function addressee({ original, final }: ReportedRecipient, to: readonly string[]): string | null {
  if (original && to.some((each) => each.toLowerCase() === original.toLowerCase())) return original;
  return final ?? original;
}

function fromWords(mail: Classified): MailBounce {
  const { root, reader, text, subject } = mail;
  const returned = readReturned(root, text);
  const words = reportWords(text);
  const named = reader.text(headerOf(root, 'x-failed-recipients'));
  const action =
    /^(?:warning|delayed|mail delivery delayed)|delay/i.test(subject.slice(0, 100)) && delayWords.test(words)
      ? 'delayed'
      : '';
  const bounces = recipientBlocks(words).map((block): MailBounce => ({
    ...diagnose({ words: block, around: subject, status: null, action }),
    recipient:
      failedRecipient(block === words ? named : '', block, mail.from.address) ?? returned.to[0] ?? null,
    originalMessageId: returned.messageId,
  }));
  return bounces.find(({ kind }) => kind === 'hard') ?? bounces[0]!;
}

const delayWords =
  /(?:still|will|continue|keep).{0,60}(?:try|trying|retry|attempt|deliver)|not (?:yet )?been delivered|do not need to re-?send|temporary/i;
