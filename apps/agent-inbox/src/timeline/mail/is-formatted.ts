/** Elements that only lay text out; a mail of nothing else is as well read as text. */
const PLAIN = new Set([
  'html',
  'head',
  'body',
  'meta',
  'div',
  'p',
  'br',
  'span',
  'wbr',
  'blockquote',
  'hr',
  'title',
]);

/** Whether sanitised HTML says more than its text: images, tables, lists, links, emphasis, colours. */
export function isFormatted(html: string): boolean {
  for (const [, name] of html.matchAll(/<([a-z][a-z0-9]*)/gi)) {
    if (!PLAIN.has(name!.toLowerCase())) return true;
  }
  return /\sstyle="[^"]*(background|color|font-weight|text-decoration|border)/i.test(html);
}

/** Whether it was made for white paper: with grounds or colours of its own. */
export const hasOwnColours = (html: string): boolean =>
  /\bbgcolor=|background|(?<![-\w])color\s*[:=]\s*(?!["']?\s*(?:#000(?:000)?|black|windowtext|inherit|rgb\(0, ?0, ?0\))\b)/i.test(
    html,
  );
