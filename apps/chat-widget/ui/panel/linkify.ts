export type Piece = string | { href: string; text: string };

/** Web addresses and e-mail addresses. CJK text around an address ends it: nobody puts a space there. */
const LINK =
  /\bhttps?:\/\/[^\s<>"'，。；：！？（）【】「」《》、\u3000]+|\bwww\.[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s<>"'，。；：！？（）【】「」《》、\u3000]*|[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi;

/** Text cut into plain pieces and links. Only http, https and mailto ever become links. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const shown = trimEnd(found[0]);
    if (found.index > from) pieces.push(text.slice(from, found.index));
    pieces.push({ href: hrefOf(shown), text: shown });
    from = found.index + shown.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

function hrefOf(shown: string): string {
  if (/^https?:/i.test(shown)) return shown;
  return /^www\./i.test(shown) ? `https://${shown}` : `mailto:${shown}`;
}

/** A full stop or bracket after an address belongs to the sentence, unless its partner is inside the address. */
function trimEnd(link: string): string {
  let end = link;
  while (/[.,;:!?)\]}]$/.test(end) && !(end.endsWith(')') && end.includes('('))) end = end.slice(0, -1);
  return end;
}
