/** What mail programs put before a subject when they reply or forward, in the languages we meet. */
const PREFIX =
  /^\s*(?:re|fwd?|aw|wg|sv|vs|antw|tr|rv|ref|odp|ynt|回复|回覆|答复|答覆|转发|轉寄|轉發|返信|転送|회신|전달)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*/i;
const NUMBER = /\s*\[#([2-9A-HJ-NP-Z]{8})\]/;

/** A subject without what replies and forwards put before it, and without our number. */
export function baseSubject(subject: string): string {
  let base = subject.replace(NUMBER, '');
  while (PREFIX.test(base)) base = base.replace(PREFIX, '');
  return base.replace(/\s+/g, ' ').trim();
}

/** `Re: ` and the subject, once. */
export function replySubject(subject: string): string {
  const base = baseSubject(subject);
  return base ? `Re: ${base}` : 'Re:';
}

/** The conversation's number in a subject, such as `7K2M9QX4` of `Re: [#7K2M9QX4] Order`. */
export function numberIn(subject: string): string | undefined {
  return NUMBER.exec(subject)?.[1];
}

/**
 * Whether a reply still speaks of the same. Programs cut subjects and lists put words before them, so that one within
 * the other is enough; one that is empty says nothing.
 */
export function sameSubject(one: string, other: string): boolean {
  const [a, b] = [one, other].map((subject) => baseSubject(subject).toLowerCase()) as [string, string];
  return a === '' || b === '' || a.includes(b) || b.includes(a);
}
