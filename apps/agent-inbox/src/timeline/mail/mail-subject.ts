/** What replies and forwards put before a subject, as the mail programs of the world write it. */
const PREFIX =
  /^\s*(?:(?:re|fwd?|aw|wg|sv|vs|antw|odp|rif|res|enc|tr|回复|回覆|答复|答覆|转发|轉寄|轉發|返信|전달|회신)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*)+/i;

/** The subject without the words of replying and forwarding. */
export const bareSubject = (subject: string): string => subject.replace(PREFIX, '').trim();

/** Whether two mails are about the same, by their subjects. */
export const sameSubject = (one: string, other: string): boolean =>
  bareSubject(one).toLowerCase() === bareSubject(other).toLowerCase();

/** The subject of an answer to a mail. */
export const replySubject = (subject: string): string => `Re: ${bareSubject(subject)}`.trim();
