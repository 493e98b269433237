import type { RawHeader } from './header-block.ts';
import type { Parameterized } from './parameters.ts';

/** One node of a mail's tree. */
export interface Part {
  headers: RawHeader[];
  /** `text/plain` where there is none or none that can be read. */
  type: string;
  typeParameters: Map<string, string>;
  disposition: string;
  /** Without angle brackets. */
  contentId: string | null;
  encoding: string;
  /** The body as it stands in the mail, still in its transfer encoding. */
  body: Buffer;
  /** Of a multipart. */
  children: Part[];
}

export const headerOf = (part: { headers: readonly RawHeader[] }, name: string): string | undefined =>
  part.headers.find((header) => header.name === name)?.value;

export const isMultipart = (part: Part) => part.type.startsWith('multipart/');

export const typeOf = ({ value }: Parameterized, ifNone: string): string =>
  /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+*-]+$/.test(value) ? value : (bareTypes[value] ?? ifNone);

/** Types from before MIME, and halves of types, that programs still write. */
const bareTypes: Record<string, string> = {
  text: 'text/plain',
  plain: 'text/plain',
  html: 'text/html',
  'text/': 'text/plain',
  multipart: 'multipart/mixed',
  application: 'application/octet-stream',
};
