import type { CharsetVote } from '../charset/read-text.ts';
import { readText } from '../charset/read-text.ts';
import type { Mailbox } from '../mail-payload.ts';
import { readAddresses } from './addresses.ts';
import { decodeWords } from './encoded-words.ts';
import { readParameters } from './parameters.ts';
import { headerOf } from './part.ts';
import type { RawHeader } from './header-block.ts';

const ESC = '\u001b';

/** Reads the words of header fields, whose raw bytes may be in the charset that the mail votes for. */
export class HeaderReader {
  constructor(private readonly vote: CharsetVote) {}

  /** Bytes in a declared charset, as `ReadText` wants. */
  readonly read = (bytes: Buffer, charset: string): string => readText(bytes, charset, this.vote);
  readonly decode = (text: string): string => decodeWords(text, this.read);

  /** A field's characters, its encoded words still as they are. */
  raw(value: string): string {
    if (!/[^\p{ASCII}]|~\{/u.test(value) && !value.includes(ESC)) return value;
    return readText(Buffer.from(value, 'latin1'), '', this.vote);
  }

  text(value: string | undefined): string {
    return value === undefined
      ? ''
      : this.decode(this.raw(value))
          .replaceAll(/[\s\0]+/g, ' ')
          .trim();
  }

  addresses(headers: readonly RawHeader[], name: string): Mailbox[] {
    return headers
      .filter((header) => header.name === name)
      .flatMap(({ value }) => readAddresses(this.raw(value), this.decode));
  }

  /** The file name a part gives itself, in Content-Disposition or else in Content-Type; '' for none. */
  fileName(part: { headers: readonly RawHeader[] }): string {
    for (const [field, ...names] of [
      ['content-disposition', 'filename', 'name'],
      ['content-type', 'name', 'filename'],
    ]) {
      const header = headerOf(part, field!);
      if (header === undefined) continue;
      const { parameters } = readParameters(this.raw(header), this.read);
      for (const name of names) {
        const found = parameters
          .get(name)
          ?.replaceAll(/[\s\0]+/g, ' ')
          .trim();
        if (found) return found;
      }
    }
    return '';
  }
}
