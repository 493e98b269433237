import type { Attachment, Payload } from '@yixian/contracts';

/** What goes to Tencent in one request, which is one message to the customer. */
export interface Part {
  /** The body of the request; of a file it is told its id there. */
  body: (mediaId: string) => Payload;
  upload?: { file: Attachment; type: string };
  /** Where it goes; by default where customer-service messages go. */
  path?: string;
  /** Does not count: notices are not bound to the window. */
  free?: boolean;
}

/** Which files are sent as what. Types as sniffed, sizes in bytes. */
export interface FileRule {
  type: string;
  accepts: RegExp;
  largest: number;
}

const MEGABYTE = 1024 * 1024;

/** https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html */
export const officialAccountFiles: FileRule[] = [
  { type: 'image', accepts: /^image\/(jpeg|png|gif|bmp)$/, largest: 10 * MEGABYTE },
  { type: 'voice', accepts: /^audio\/(amr|mpeg)$/, largest: 2 * MEGABYTE },
  { type: 'video', accepts: /^video\/mp4$/, largest: 10 * MEGABYTE },
];

/** https://developer.work.weixin.qq.com/document/path/90253 */
export const wecomFiles: FileRule[] = [
  { type: 'image', accepts: /^image\/(jpeg|png)$/, largest: 10 * MEGABYTE },
  { type: 'voice', accepts: /^audio\/amr$/, largest: 2 * MEGABYTE },
  { type: 'video', accepts: /^video\/mp4$/, largest: 10 * MEGABYTE },
  { type: 'file', accepts: /./, largest: 20 * MEGABYTE },
];

/** What a file is sent as; `undefined`: it can only be linked to. */
export const sentAs = (rules: FileRule[], file: Attachment): string | undefined =>
  rules.find(({ accepts, largest }) => accepts.test(file.type) && file.size <= largest)?.type;
