/** Words of a link beyond which its target is not told after them. */
const MAX_LINK = 500;

/** Puts text together line by line, as a browser would lay it out without styles. Each piece is touched once. */
export class LineWriter {
  /** How many quoted blocks the text stands in: each line begins with as many `>`. */
  quotes = 0;
  /** Characters written so far. */
  length = 0;
  private readonly lines: string[] = [];
  private pieces: string[] = [];
  private endsWithBlank = true;
  private hasWords = false;
  private blankWanted = false;

  /** Text in which blanks run together. */
  write(text: string): void {
    const single = text.replaceAll(/[ \t\r\n\f]+/g, ' ');
    this.append(this.endsWithBlank && single.startsWith(' ') ? single.slice(1) : single);
  }

  /** Text whose blanks and lines stay. */
  writeAsIs(text: string): void {
    const pieces = text.split('\n');
    for (const piece of pieces.slice(0, -1)) {
      this.append(piece);
      this.hardBreak();
    }
    this.append(pieces.at(-1)!);
  }

  private append(text: string): void {
    if (text === '') return;
    if (this.pieces.length === 0 && this.blankWanted) {
      if (this.lines.length > 0) this.push('');
      this.blankWanted = false;
    }
    this.pieces.push(text);
    this.length += text.length;
    this.endsWithBlank = text.endsWith(' ');
    this.hasWords ||= text.trim() !== '';
  }

  cell(): void {
    if (this.pieces.length > 0 && !this.endsWithBlank) this.append(' ');
  }

  breakLine(blankAround: boolean): void {
    if (this.hasWords) this.push(this.pieces.join(''));
    this.clear();
    if (blankAround) this.blankWanted = this.lines.length > 0 && this.lines.at(-1) !== '';
  }

  hardBreak(): void {
    if (this.pieces.length === 0) this.blankWanted = false;
    this.push(this.pieces.join(''));
    this.clear();
  }

  mark(mark: string): void {
    this.breakLine(false);
    this.lines.push(mark);
  }

  /** Writes a link's target after its words, which began at `from`, unless they say it already. */
  link(href: string, from: number): void {
    const target = href.trim();
    const size = this.length - from;
    if (!/^https?:/i.test(target) || target.length > 2000 || size === 0 || size > MAX_LINK) return;
    const words = this.last(size).trim().toLowerCase();
    const bare = target
      .toLowerCase()
      .replace(/^https?:\/\/(www\.)?/, '')
      .replace(/\?.*$/s, '')
      .replace(/\/$/, '');
    if (words === '' || words.includes(bare) || /^(https?:\/\/|www\.)/.test(words)) return;
    this.append(` <${target}>`);
  }

  /** The last characters of the line. */
  private last(size: number): string {
    let from = this.pieces.length;
    for (let found = 0; from > 0 && found < size;) found += this.pieces[--from]!.length;
    return this.pieces.slice(from).join('').slice(-size);
  }

  finish(): string[] {
    this.breakLine(false);
    return this.lines;
  }

  private clear(): void {
    this.pieces = [];
    this.endsWithBlank = true;
    this.hasWords = false;
  }

  private push(text: string): void {
    const prefix = '>'.repeat(this.quotes);
    const clean = text.replaceAll('\u00a0', ' ').trimEnd();
    this.lines.push(prefix === '' ? clean : clean === '' ? prefix : `${prefix} ${clean}`);
  }
}
