import { DeliveryError } from '@yixian/channel';
import type { Attachment, Payload, SendMessage } from '@yixian/contracts';
import { sentAs } from './part.ts';
import type { FileRule, Part } from './part.ts';
import { splitText } from './split-text.ts';

/** Both official accounts and WeCom: 2048 bytes, with some left for what they add. */
const LONGEST_TEXT = 2000;

/** A way to a file for whoever has the link; `undefined` when we have no address that customers reach. */
export type LinkTo = (file: Attachment) => string | undefined;

export interface TextAndFilesMeans {
  files: FileRule[];
  linkTo: LinkTo;
  body: (type: string, content: Payload) => Payload;
}

/**
 * The text and each file as a part of its own. What Tencent does not take as a file becomes a link in the text, so that
 * as few messages as can be are spent.
 */
export function textAndFiles(
  { text, attachments }: SendMessage,
  { files, linkTo, body }: TextAndFilesMeans,
): Part[] {
  const known = attachments.map((file) => ({ file, type: sentAs(files, file) }));
  const links = known.filter(({ type }) => !type).map(({ file }) => linkedLine(file, linkTo));
  const whole = [text.trim(), ...links].filter(Boolean).join('\n');
  const pieces = whole ? splitText(whole, LONGEST_TEXT) : [];
  return [
    ...pieces.map((content): Part => ({ body: () => body('text', { content }) })),
    ...known.flatMap(({ file, type }): Part[] =>
      type ? [{ upload: { file, type }, body: (mediaId) => body(type, { media_id: mediaId }) }] : [],
    ),
  ];
}

function linkedLine(file: Attachment, linkTo: LinkTo): string {
  const link = linkTo(file);
  if (link) return `${file.name} ${link}`;
  throw new DeliveryError('file_refused', { retryable: false, certain: true });
}
