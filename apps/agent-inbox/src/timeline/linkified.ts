/** A piece of text, or a link in it. */
export type TextPart = string | { text: string; href: string };

const LINK = /\bhttps?:\/\/[^\s<>"'，。；！？、）》」』】]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const TRAILING = /[.,;:!?)\]}]+$/;

/** The text in parts. Only web and mail addresses become links; everything stays text. */
export function linkified(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = withoutTrailing(match[0]);
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push({ text: link, href: /^https?:/i.test(link) ? link : `mailto:${link}` });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** Without the punctuation of the sentence around it; a closing bracket stays when the link opened it. */
function withoutTrailing(link: string): string {
  const bare = link.replace(TRAILING, '');
  return link.startsWith(')', bare.length) && bare.includes('(') ? `${bare})` : bare;
}
