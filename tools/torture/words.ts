/**
 * What is said carries its own name: `c12 m345 …` is the 345th message of customer 12, `r57 …` the 57th reply of all.
 * A code is one number: a message's own (above 0), a reply's negated, 0 for everything else.
 */
export const messageText = (customer: number, message: number): string =>
  `c${customer} m${message} 请问这款茶还有货吗？`;

export const replyText = (reply: number): string => `r${reply} 有的，今天发货。`;

export function codeOf(text: string): number {
  const [, message, reply] = /^(?:c\d+ m(\d+)|r(\d+)) /.exec(text) ?? [];
  if (message) return Number(message);
  return reply ? -Number(reply) : 0;
}

export const wordFor = (code: number): string =>
  code > 0 ? `m${code}` : code < 0 ? `r${-code}` : 'something else';
