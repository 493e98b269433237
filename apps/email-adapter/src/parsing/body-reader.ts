import { createHash } from 'node:crypto';
import { calendarEvents } from './calendar-events.ts';
import type { MailEvent, MailPayload } from './mail-payload.ts';
import type { HeaderReader } from './mime/header-reader.ts';
import { headerOf } from './mime/part.ts';
import type { Part } from './mime/part.ts';
import { decodeTransfer } from './mime/transfer-encoding.ts';
import { fileNameOf } from './file-name.ts';
import type { ParsedAttachment } from './parsed-mail.ts';
import { MAX_HTML, MAX_TEXT, withoutMarks } from './reading/html-lines.ts';
import { unflow } from './reading/flowed.ts';
import { takeUuencoded } from './reading/uuencoded.ts';

export type Badge = NonNullable<MailPayload['badges']>[number];

/** What a part says, as text, as HTML, or as both when they are two forms of one. */
export interface BodyPiece {
  text?: string;
  html?: string;
}

/** Types of text that are a mail's words. Others are files. */
const words = new Set(['text/plain', 'text/html', 'text/enriched', 'text/richtext', 'text/markdown']);
/** Forms for a few clients only, of what stands beside them. */
const doubles = new Set(['text/x-amp-html', 'text/watch-html']);

/** Walks the tree: words become pieces, in order; everything else becomes attachments. */
export class BodyReader {
  readonly attachments: ParsedAttachment[] = [];
  readonly events: MailEvent[] = [];
  readonly badges = new Set<Badge>();
  private bodies = 0;

  constructor(private readonly reader: HeaderReader) {}

  pieces(part: Part): BodyPiece[] {
    this.noticeBadge(part);
    if (part.children.length > 0) {
      return part.type === 'multipart/alternative'
        ? this.alternative(part)
        : part.children.flatMap((child) => this.pieces(child));
    }
    return this.leaf(part);
  }

  /** One piece of two forms: the first text, the last HTML (RFC 2046, section 5.1.4). */
  private alternative(part: Part): BodyPiece[] {
    const forms = part.children.map((child) => this.pieces(child)).filter((pieces) => pieces.length > 0);
    const texts = forms.find((pieces) => pieces.every(({ html }) => html === undefined));
    const htmls = forms.findLast((pieces) => pieces.some(({ html }) => html !== undefined));
    const piece: BodyPiece = {};
    if (texts) piece.text = texts.map(({ text }) => text!).join('\n');
    if (htmls) piece.html = joinHtml(htmls);
    return texts || htmls ? [piece] : [];
  }

  private leaf(part: Part): BodyPiece[] {
    if (doubles.has(part.type)) return [];
    const name = this.reader.fileName(part);
    if (part.type === 'text/calendar') this.events.push(...calendarEvents(this.textOf(part)));
    if (!words.has(part.type) || this.isFile(part, name)) {
      this.attach(part, name);
      return [];
    }
    this.bodies++;
    const text = this.textOf(part);
    if (part.type === 'text/html') return [{ html: text }];
    if (part.type === 'text/enriched' || part.type === 'text/richtext')
      return [{ text: withoutEnrichment(text) }];
    return [{ text: this.plain(part, text) }];
  }

  /** Words that are sent as a file. The mail itself, or a first body, may carry a name by mistake. */
  private isFile(part: Part, name: string): boolean {
    const isMail = headerOf(part, 'mime-version') !== undefined || headerOf(part, 'from') !== undefined;
    if (isMail || isBodyName(name)) return part.disposition === 'attachment' && name !== '';
    if (part.disposition === 'attachment') return true;
    return name !== '' && (part.disposition !== 'inline' || this.bodies > 0);
  }

  private textOf(part: Part): string {
    const bytes = this.shorten(part, decodeTransfer(part.body, part.encoding));
    const text = this.reader.read(bytes, part.typeParameters.get('charset') ?? metaCharset(part, bytes));
    return withoutMarks(text)
      .replaceAll(/\r*\n|\r/g, '\n')
      .replaceAll('\0', '');
  }

  /** What is beyond what is kept in the end is not even decoded, unless a file stands in it. */
  private shorten(part: Part, bytes: Buffer): Buffer {
    const most = 4 * (part.type === 'text/html' ? MAX_HTML : MAX_TEXT);
    if (bytes.length <= most || bytes.includes('\nbegin ')) return bytes;
    this.badges.add('shortened');
    return bytes.subarray(0, most);
  }

  private plain(part: Part, text: string): string {
    const flowed = part.typeParameters.get('format')?.toLowerCase() === 'flowed';
    const unflowed = flowed ? unflow(text, part.typeParameters.get('delsp')?.toLowerCase() === 'yes') : text;
    const taken = takeUuencoded(unflowed);
    for (const file of taken.files)
      this.keep({
        name: fileNameOf(file.name, '', this.attachments.length),
        type: 'application/octet-stream',
        inline: false,
        contentId: null,
        content: file.content,
      });
    if (unflowed.includes('-----BEGIN PGP MESSAGE-----')) this.badges.add('encrypted');
    if (unflowed.includes('-----BEGIN PGP SIGNED MESSAGE-----')) this.badges.add('signed');
    return taken.text;
  }

  private attach(part: Part, name: string): void {
    const content = decodeTransfer(part.body, part.encoding);
    if (content.length === 0 && name === '' && part.disposition !== 'attachment') return;
    this.keep({
      name: fileNameOf(name || this.subjectOf(part), part.type, this.attachments.length),
      type: part.type,
      inline: part.disposition === 'inline' && part.type.startsWith('image/'),
      contentId: part.contentId,
      content,
    });
  }

  private subjectOf(part: Part): string {
    if (part.type !== 'message/rfc822') return '';
    const subject = /^subject:[ \t]*([^\r\n]{1,300})/im.exec(part.body.toString('latin1', 0, 32_768));
    return subject ? this.reader.text(subject[1]) : '';
  }

  private keep(file: Omit<ParsedAttachment, 'size' | 'sha256'>): void {
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    this.attachments.push({ ...file, size: file.content.length, sha256 });
  }

  private noticeBadge(part: Part): void {
    if (part.type === 'multipart/encrypted') this.badges.add('encrypted');
    if (part.type === 'multipart/signed') this.badges.add('signed');
    if (/^application\/(x-)?pkcs7-mime$/.test(part.type)) {
      this.badges.add(
        /^signed|^certs/i.test(part.typeParameters.get('smime-type') ?? '') ? 'signed' : 'encrypted',
      );
    }
  }
}

/** Some mailers name the body itself. */
const isBodyName = (name: string) =>
  /^(?:body|message|mail|part|text|untitled|unnamed|noname|att\d*)\.?(?:\d{0,4}\.)?(?:txt|html?|plain)?$/i.test(
    name,
  );

/** HTML that was sent without a charset may say it itself. */
function metaCharset(part: Part, bytes: Buffer): string {
  if (part.type !== 'text/html') return '';
  return /<meta[^>]{0,200}charset=["']?([\w.:-]{2,40})/i.exec(bytes.toString('latin1', 0, 4096))?.[1] ?? '';
}

/** Pieces as one HTML body; text among them keeps its lines. */
export function joinHtml(pieces: readonly BodyPiece[]): string {
  return pieces
    .map(({ html, text }) => html ?? `<pre style="white-space:pre-wrap">${escapeHtml(text ?? '')}</pre>`)
    .join('\n');
}

export const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** RFC 1896, as far as anybody still writes it. */
const withoutEnrichment = (text: string) =>
  text
    .replaceAll(/<param>[^<]{0,1000}<\/param>/gi, '')
    .replaceAll(/<nl>/gi, '\n')
    .replaceAll('<<', '\0')
    .replaceAll(/<\/?[a-z-]{1,60}>/gi, '')
    .replaceAll('\0', '<')
    .replaceAll(/\n(?!\n)/g, (_, at: number) => (text[at - 1] === '\n' ? '\n' : ' '));
