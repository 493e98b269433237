/** So many characters of the quotation, without spaces, tell where it begins. */
const ENOUGH = 24;

/**
 * In which of the texts, in order, a quotation begins: the index of the text, or `undefined` when it is not found or
 * begins in the middle of one. Spaces, line breaks and the marks of quotation in plain text do not count.
 */
export function quoteStart(texts: readonly string[], quotation: string): number | undefined {
  const sought = bare(quotation).slice(0, ENOUGH);
  if (sought.length < 4) return undefined;
  const starts: number[] = [];
  let all = '';
  for (const text of texts) {
    starts.push(all.length);
    all += bare(text);
  }
  const at = all.indexOf(sought);
  if (at < 0) return undefined;
  const index = starts.findLastIndex((start) => start <= at);
  // Texts of spaces alone stand at the same place as the one after them.
  return starts[index] === at ? index : undefined;
}

const bare = (text: string): string => text.replace(/[\s>\u00a0\u200b\ufeff]+/g, '');
