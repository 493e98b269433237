import { readHeaderBlock } from '../mime/header-block.ts';
import type { RawHeader } from '../mime/header-block.ts';
import type { HeaderReader } from '../mime/header-reader.ts';
import type { Part } from '../mime/part.ts';
import { decodeTransfer } from '../mime/transfer-encoding.ts';

/** What a delivery report says of one recipient (RFC 3464, section 2.3). */
export interface ReportedRecipient {
  /** As it was written to, where the report says so. */
  original: string | null;
  final: string | null;
  /** failed, delayed, delivered, relayed, expanded; '' where the report gives none. */
  action: string;
  /** `5.1.1`, or null. */
  status: string | null;
  diagnostic: string;
}

const MAX_RECIPIENTS = 200;

/** Reads a part `message/delivery-status`. Groups of fields that name no recipient are about the mail. */
export function readDeliveryStatus(part: Part, reader: HeaderReader): ReportedRecipient[] {
  const bytes = decodeTransfer(part.body, part.encoding);
  const recipients: ReportedRecipient[] = [];
  for (let at = 0; at < bytes.length && recipients.length < MAX_RECIPIENTS;) {
    const { headers, bodyFrom } = readHeaderBlock(bytes.subarray(at), bytes.length);
    const recipient = describe(headers, reader);
    if (recipient) recipients.push(recipient);
    // A line that is no field ends a group as a blank line does.
    at += bodyFrom > 0 ? bodyFrom : Math.max(1, bytes.indexOf(0x0a, at) + 1 - at);
  }
  return recipients;
}

function describe(headers: readonly RawHeader[], reader: HeaderReader): ReportedRecipient | undefined {
  const field = (name: string) => reader.text(headers.find((header) => header.name === name)?.value);
  const all = (name: string) =>
    headers
      .filter((header) => header.name === name)
      .map(({ value }) => reader.text(value))
      .join(' ');
  const final = addressOf(field('final-recipient')) ?? addressOf(field('x-actual-recipient'));
  const original = addressOf(field('original-recipient'));
  const action = /^[a-z-]+/i.exec(field('action'))?.[0].toLowerCase() ?? '';
  if (final === null && original === null && action === '') return undefined;
  const diagnostic = [all('diagnostic-code'), all('x-supplementary-info'), all('x-display-name') && '']
    .filter(Boolean)
    .join(' ');
  return {
    original,
    final,
    action: action === 'failure' || action === 'failed' || action === 'error' ? 'failed' : action,
    status: /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(field('status'))?.[1] ?? null,
    diagnostic,
  };
}

/** `rfc822; <a@b>` as an address. */
export function addressOf(text: string): string | null {
  return (
    /[^\s<>;,:"'()[\]：，。；（）【】]{1,128}@[^\s<>;,:"'()[\]：，。；（）【】]{1,255}/
      .exec(text.slice(0, 1000))?.[0]
      .replace(/\.+$/, '') ?? null
  );
}
