import { Parser } from 'htmlparser2';
import { quoteMarkOf } from './html-quotes.ts';

/** Elements within each other, beyond any mail; more is a bomb. */
const MAX_DEPTH = 1000;
/** Characters of HTML that are made text of. */
const MAX_HTML = 4 * 1024 * 1024;
/** Quotes within quotes that are told apart. */
const MAX_QUOTES = 20;

/** A line of text that says where a quoted mail begins, instead of words. No mail can hold it: see `withoutMarks`. */
export const QUOTE_MARK = '\uE0F0';
export const FORWARD_MARK = '\uE0F1';
export const withoutMarks = (text: string) => text.replaceAll(/[\uE0F0\uE0F1]/g, '');

const blocks = new Set(
  'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre section summary table tbody tfoot thead title tr ul'.split(
    ' ',
  ),
);
const spaced = new Set('p ul ol dl h1 h2 h3 h4 h5 h6 pre figure'.split(' '));
const silent = new Set(
  'head script style title template noscript object applet svg math select textarea audio video canvas iframe xml'.split(
    ' ',
  ),
);
const voids = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

interface Open {
  name: string;
  quote: boolean;
  silent: boolean;
  href?: string;
  hrefAt?: number;
}

/**
 * The text of an HTML body, line by line: quoted blocks begin with `> `, and a line `QUOTE_MARK` or `FORWARD_MARK`
 * stands where the client's own markup says that a quoted or forwarded mail begins. One pass, bounded.
 */
export function htmlLines(html: string): string[] {
  const lines = new LineWriter();
  const open: Open[] = [];
  let silence = 0;
  let quotes = 0;
  let pre = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const mark = quoteMarkOf(name, attributes);
        if (blocks.has(name)) lines.breakLine(spaced.has(name));
        if (mark === 'quote' || mark === 'forward') lines.mark(mark === 'quote' ? QUOTE_MARK : FORWARD_MARK);
        if (name === 'br') lines.hardBreak();
        else if (name === 'li') lines.write('- ');
        else if (name === 'td' || name === 'th') lines.cell();
        else if (
          name === 'img' &&
          silence === 0 &&
          attributes['alt'] &&
          !/^(image|logo|\s*)$/i.test(attributes['alt'])
        )
          lines.write(`[${attributes['alt'].slice(0, 200)}]`);
        if (voids.has(name)) return;
        const entry: Open = {
          name,
          quote: mark === 'cite' && quotes < MAX_QUOTES,
          silent: silent.has(name) || isHidden(attributes),
        };
        if (name === 'a' && attributes['href'])
          Object.assign(entry, { href: attributes['href'], hrefAt: lines.length });
        if (entry.quote) lines.quotes = ++quotes;
        if (entry.silent) silence++;
        if (name === 'pre') pre++;
        if (open.push(entry) > MAX_DEPTH) parser.pause();
      },
      ontext(text) {
        if (silence === 0)
          lines.write(
            pre > 0 ? text.replaceAll('\r\n', '\n') : text.replaceAll(/[ \t\r\n\f]+/g, ' '),
            pre > 0,
          );
      },
      onclosetag(name) {
        if (voids.has(name)) return;
        const entry = open.pop();
        if (!entry) return;
        if (entry.href) lines.link(entry.href, entry.hrefAt!);
        if (blocks.has(name)) lines.breakLine(spaced.has(name));
        if (entry.quote) lines.quotes = --quotes;
        if (entry.silent) silence--;
        if (name === 'pre') pre--;
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.end(html.slice(0, MAX_HTML));
  return lines.finish();
}

/** Preheaders and the like, which nobody who opens the mail sees. */
const isHidden = (attributes: Record<string, string>) =>
  'hidden' in attributes ||
  /display\s*:\s*none|mso-hide\s*:\s*all/i.test((attributes['style'] ?? '').slice(0, 2000));

class LineWriter {
  quotes = 0;
  private readonly lines: string[] = [];
  private current = '';
  private blankWanted = false;
  /** Characters written so far, to know whether anything was written in between. */
  length = 0;

  write(text: string, preformatted = false): void {
    if (preformatted && text.includes('\n')) {
      const pieces = text.split('\n');
      for (const piece of pieces.slice(0, -1)) {
        this.append(piece);
        this.hardBreak();
      }
      this.append(pieces.at(-1)!);
      return;
    }
    const atStart = this.current === '' || this.current.endsWith(' ');
    this.append(!preformatted && atStart ? text.replace(/^ /, '') : text);
  }

  private append(text: string): void {
    if (text === '') return;
    if (this.current === '' && this.blankWanted) {
      if (this.lines.length > 0) this.push('');
      this.blankWanted = false;
    }
    this.current += text;
    this.length += text.length;
  }

  cell(): void {
    if (this.current !== '' && !this.current.endsWith(' ')) this.current += ' ';
  }

  breakLine(blankAround: boolean): void {
    if (this.current.trim() !== '') this.push(this.current);
    this.current = '';
    if (blankAround) this.blankWanted = this.lines.length > 0 && this.lines.at(-1)!.trim() !== '';
  }

  hardBreak(): void {
    if (this.current === '' && this.blankWanted) this.blankWanted = false;
    this.push(this.current);
    this.current = '';
  }

  mark(mark: string): void {
    this.breakLine(false);
    this.lines.push(mark);
  }

  /** Writes a link's target after its words, unless they say it already. */
  link(href: string, from: number): void {
    const target = href.trim();
    if (!/^(https?|mailto|tel):/i.test(target) || target.length > 2000 || this.length === from) return;
    const words = this.current.slice(-Math.min(this.current.length, this.length - from)).trim();
    const bare = target
      .replace(/^(https?:\/\/(www\.)?|mailto:|tel:)/i, '')
      .replace(/\/$/, '')
      .replace(/\?.*$/s, '');
    if (
      words === '' ||
      words.toLowerCase().includes(bare.toLowerCase()) ||
      /^(https?:\/\/|www\.)/i.test(words)
    )
      return;
    if (/^mailto:/i.test(target) || /^tel:/i.test(target)) return;
    this.append(` <${target}>`);
  }

  private push(text: string): void {
    const prefix = '>'.repeat(this.quotes);
    const clean = text.replaceAll('\u00a0', ' ').trimEnd();
    this.lines.push(prefix === '' ? clean : clean === '' ? prefix : `${prefix} ${clean}`);
  }

  finish(): string[] {
    this.breakLine(false);
    return this.lines;
  }
}
