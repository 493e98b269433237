import { Parser } from 'htmlparser2';
import { quoteMarkOf } from './html-quotes.ts';
import { LineWriter } from './line-writer.ts';

/** Elements within each other, beyond any mail; more is a bomb. */
const MAX_DEPTH = 1000;
/** Characters of HTML that are read. More is not read by anybody. */
export const MAX_HTML = 1024 * 1024;
/** Characters of text that are kept. The raw mail has the rest. */
export const MAX_TEXT = 2 * 1024 * 1024;
/** Quotes within quotes that are told apart. */
const MAX_QUOTES = 20;

/** A line of text that says where a quoted mail begins, instead of words. They are taken out of what mails say. */
export const QUOTE_MARK = '\uE0F0';
export const FORWARD_MARK = '\uE0F1';
export const withoutMarks = (text: string) => text.replaceAll(/[\uE0F0\uE0F1]/g, '');

const words = (list: string) => new Set(list.split(' '));
const blocks = words(
  'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre section summary table tbody tfoot thead title tr ul',
);
const spaced = words('p ul ol dl h1 h2 h3 h4 h5 h6 pre figure');
const silent = words(
  'head script style title template noscript object applet svg math select textarea audio video canvas iframe xml',
);
const voids = words('area base br col embed hr img input link meta param source track wbr');

interface Open {
  name: string;
  quote: boolean;
  silent: boolean;
  href: string;
  /** How much was written when it opened. */
  at: number;
}

/** The text of an HTML body. */
export interface HtmlText {
  /**
   * Line by line: quoted blocks begin with `> `, and a line `QUOTE_MARK` or `FORWARD_MARK` stands where the client's
   * own markup says that a quoted or forwarded mail begins.
   */
  lines: string[];
  /** It nests beyond any mail: its tags were taken out unread. */
  tooDeep: boolean;
}

/** Makes text of HTML in one pass, bounded in time and memory. */
export function htmlText(html: string): HtmlText {
  const body = html.slice(0, MAX_HTML);
  const walk = new Walk();
  const parser = new Parser(walk, { decodeEntities: true });
  try {
    parser.end(body);
    return { lines: walk.lines.finish(), tooDeep: false };
  } catch (error) {
    if (error instanceof TooDeep) return { lines: withoutTags(body).split('\n'), tooDeep: true };
    throw error;
  }
}

class TooDeep extends Error {}

/** What is heard of the parser: tags open and close in order, unclosed ones at the end. */
class Walk {
  readonly lines = new LineWriter();
  private readonly open: Open[] = [];
  private silence = 0;
  private quotes = 0;
  private preformatted = 0;

  onopentag(name: string, attributes: Record<string, string>): void {
    const mark = quoteMarkOf(name, attributes);
    if (blocks.has(name)) this.lines.breakLine(spaced.has(name));
    if (mark === 'quote' || mark === 'forward') this.lines.mark(mark === 'quote' ? QUOTE_MARK : FORWARD_MARK);
    this.stand(name, attributes);
    if (voids.has(name)) return;
    const entry: Open = {
      name,
      quote: mark === 'cite' && this.quotes < MAX_QUOTES,
      silent: silent.has(name) || isHidden(attributes),
      href: name === 'a' ? (attributes['href'] ?? '') : '',
      at: this.lines.length,
    };
    this.count(entry, 1);
    if (this.open.push(entry) > MAX_DEPTH) throw new TooDeep();
  }

  ontext(heard: string): void {
    if (this.silence > 0) return;
    // An entity can be anything.
    const text = withoutMarks(heard);
    if (this.preformatted > 0) this.lines.writeAsIs(text.replaceAll(/\r\n?/g, '\n'));
    else this.lines.write(text);
  }

  onclosetag(name: string): void {
    if (voids.has(name)) return;
    const entry = this.open.pop();
    if (!entry) return;
    if (entry.href !== '' && this.silence === 0) this.lines.link(entry.href, entry.at);
    if (blocks.has(name)) this.lines.breakLine(spaced.has(name));
    this.count(entry, -1);
  }

  /** What stands in the text for an element itself. */
  private stand(name: string, attributes: Record<string, string>): void {
    if (this.silence > 0) return;
    const alt = name === 'img' ? (attributes['alt'] ?? '').trim() : '';
    if (name === 'br') this.lines.hardBreak();
    else if (name === 'li') this.lines.write('- ');
    else if (name === 'td' || name === 'th') this.lines.cell();
    else if (alt !== '' && !/^(image|logo)$/i.test(alt)) this.lines.write(`[${alt.slice(0, 200)}]`);
  }

  private count({ name, quote, silent: hidden }: Open, by: 1 | -1): void {
    if (quote) this.lines.quotes = this.quotes += by;
    if (hidden) this.silence += by;
    if (name === 'pre') this.preformatted += by;
  }
}

/** What is left of HTML that no browser would show: its text, in one pass. */
function withoutTags(html: string): string {
  const out: string[] = [];
  for (let at = 0; at < html.length;) {
    const open = html.indexOf('<', at);
    out.push(html.slice(at, open < 0 ? undefined : open));
    const close = open < 0 ? -1 : html.indexOf('>', open);
    at = close < 0 ? html.length : close + 1;
  }
  return out.join('');
}

/** Preheaders and the like, which nobody who opens the mail sees. */
const isHidden = (attributes: Record<string, string>) =>
  'hidden' in attributes ||
  /display\s*:\s*none|mso-hide\s*:\s*all/i.test((attributes['style'] ?? '').slice(0, 2000));
