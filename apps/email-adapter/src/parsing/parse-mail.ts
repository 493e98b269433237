import { isUtf8 } from 'node:buffer';
import { classify } from './automatic/classify.ts';
import { BodyReader } from './body-reader.ts';
import { guessCharset } from './charset/guess-charset.ts';
import { charsetOf } from './charset/charset-names.ts';
import { chooseCharset, habitual } from './charset/read-text.ts';
import type { Mailbox, MailPayload } from './mail-payload.ts';
import { startOfMail, readHeaderBlock, HeadersTooLarge } from './mime/header-block.ts';
import type { RawHeader } from './mime/header-block.ts';
import { HeaderReader } from './mime/header-reader.ts';
import { withLineFeeds } from './mime/line-ends.ts';
import { readDate } from './mime/mail-date.ts';
import { readId, readIds } from './mime/message-ids.ts';
import { readTree, TreeTooLarge } from './mime/mime-tree.ts';
import { headerOf } from './mime/part.ts';
import type { Part } from './mime/part.ts';
import { decodeTransfer } from './mime/transfer-encoding.ts';
import { mailLimits } from './parsed-mail.ts';
import type { MailLimits, ParseMail, ParsedMail, ParseOptions } from './parsed-mail.ts';
import { forwardedFrom } from './reading/forwarded-from.ts';
import { readBody } from './reading/read-body.ts';
import { refuse } from './refuse.ts';
import { readNested } from './nested-mail.ts';

export const parseMail: ParseMail = (raw, options = {}) => {
  const limits = { ...mailLimits, ...options.limits };
  if (raw.length > limits.size) return refuseWithHead(raw.subarray(0, 65_536), 'too-large');
  try {
    const bytes = withLineFeeds(raw);
    const mail = bytes.subarray(startOfMail(bytes));
    if (mail.length === 0) return refuse('empty');
    return read(mail, limits, options);
  } catch (error) {
    if (error instanceof TreeTooLarge) return refuseWithHead(raw, error.code);
    if (error instanceof HeadersTooLarge) return refuseWithHead(raw.subarray(0, 65_536), 'headers-too-large');
    // Whatever a mail does to us, it is put aside for people and the next one is read.
    return refuse('unreadable');
  }
};

function refuseWithHead(raw: Buffer, code: Parameters<typeof refuse>[0]) {
  try {
    const bytes = withLineFeeds(raw.subarray(0, 65_536));
    const { headers } = readHeaderBlock(bytes.subarray(startOfMail(bytes)), bytes.length);
    return refuse(code, headers, new HeaderReader(() => guessCharset([bytes.subarray(0, 16_384)])));
  } catch {
    return refuse(code);
  }
}

function read(mail: Buffer, limits: MailLimits, options: ParseOptions): ParsedMail {
  const damages: string[] = [];
  const root = readTree(mail, { limits, damage: (what) => damages.push(what) });
  const reader = new HeaderReader(voteOf(root));
  const body = new BodyReader(reader);
  const pieces = body.pieces(root);
  const { headers } = root;
  const subject = reader.text(headerOf(root, 'subject'));
  const from = senderOf(headers, reader, options);
  let words = readBody(pieces, { subject, from: from.address });
  const nested = words.text === '' ? readNested(root, limits) : undefined;
  if (nested) words = { ...words, ...nested.words, forward: true };
  markInline(body, pieces);
  const original = words.forward ? (nested?.from ?? forwardedFrom(words.text)) : undefined;
  if (damages.length > 0) body.badges.add('damaged');
  if (words.shortened) body.badges.add('shortened');
  const payload: MailPayload = {
    subject,
    from,
    to: reader.addresses(headers, 'to'),
    cc: reader.addresses(headers, 'cc'),
    replyTo: reader.addresses(headers, 'reply-to'),
    messageId: readId(headerOf(root, 'message-id')),
    inReplyTo: readIds(headerOf(root, 'in-reply-to'))[0] ?? null,
    references: readIds(headerOf(root, 'references')),
    date: readDate(headerOf(root, 'date') ?? headerOf(root, 'resent-date') ?? receivedDate(root) ?? ''),
    text: words.text,
    html: words.html,
    visibleText: words.visibleText,
    quotedText: words.quotedText,
    attachments: body.attachments.map(({ name, type, size, sha256, inline, contentId }) => ({
      name,
      type,
      size,
      sha256,
      inline,
      contentId,
    })),
    auth: null,
    ...classify({ root, reader, text: words.text, subject, from }),
    ...(original && { forwardedFrom: original }),
    ...(body.events.length > 0 && { events: body.events }),
    ...(body.badges.size > 0 && { badges: [...body.badges] }),
  };
  const shown = headers.map(({ name, value }) => ({ name, value: reader.text(value) }));
  return { kind: 'parsed', payload, attachments: body.attachments, headers: shown, damages };
}

/** The charset of the mail's undeclared bytes: what its parts declare, if it fits, else what all bytes vote for. */
function voteOf(root: Part): () => string {
  let voted: string | undefined;
  return () => {
    if (voted !== undefined) return voted;
    const samples: Buffer[] = [];
    for (const { name, value } of root.headers) {
      if (votingHeaders.has(name)) samples.push(Buffer.from(value, 'latin1'));
    }
    let declared: string | undefined;
    for (const part of leaves(root)) {
      for (const header of part.headers)
        if (header.name.startsWith('content-')) samples.push(Buffer.from(header.value, 'latin1'));
      if (!part.type.startsWith('text/')) continue;
      const bytes = decodeTransfer(part.body.subarray(0, 65_536), part.encoding);
      const label = part.typeParameters.get('charset') ?? '';
      const charset = charsetOf(label);
      if (charset === undefined || habitual.has(charset)) samples.push(bytes);
      else if (charset === 'utf-8') samples.push(...(isUtf8(bytes) ? [] : [bytes]));
      else declared ??= chooseCharset(bytes, label, () => charset);
    }
    const guess = guessCharset(samples);
    voted = guess !== 'utf-8' && declared !== undefined ? declared : guess;
    return voted;
  };
}

const votingHeaders = new Set(['subject', 'from', 'to', 'cc', 'reply-to', 'sender', 'organization']);

function* leaves(part: Part): Generator<Part> {
  if (part.children.length === 0) yield part;
  for (const child of part.children) yield* leaves(child);
}

/** From, or whoever else is named as the author, or the envelope's sender. */
function senderOf(headers: readonly RawHeader[], reader: HeaderReader, options: ParseOptions): Mailbox {
  const authors = reader.addresses(headers, 'from');
  const author = authors.find(({ address }) => address.includes('@')) ?? authors[0];
  if (author?.address) return author;
  const others = [
    'sender',
    'resent-from',
    'x-sender',
    'x-original-from',
    'reply-to',
    'return-path',
    'x-return-path',
    'errors-to',
    'envelope-from',
  ];
  for (const name of others) {
    const found = reader.addresses(headers, name).find(({ address }) => address.includes('@'));
    if (found) return { name: author?.name || found.name, address: found.address };
  }
  return { name: author?.name ?? '', address: options.envelope?.from ?? '' };
}

/** The newest Received line ends with the time at which the mail came. */
const receivedDate = (root: Part) => headerOf(root, 'received')?.split(';').at(-1);

/** A picture that the HTML shows stands within the body, however it is marked. */
function markInline(body: BodyReader, pieces: readonly { html?: string }[]): void {
  const shown = new Set<string>();
  for (const { html } of pieces) {
    for (const match of html?.matchAll(/\bcid:([^"'\s>)]{1,300})/gi) ?? []) shown.add(decodeCid(match[1]!));
  }
  for (const attachment of body.attachments) {
    if (attachment.contentId !== null && shown.has(attachment.contentId)) attachment.inline = true;
  }
}

function decodeCid(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
