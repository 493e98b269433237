import { createHash } from 'node:crypto';

/** Header fields that servers on the way add: the same mail may come by several ways. */
const TRACE =
  /^(received|return-path|delivered-to|x-original-to|envelope-to|authentication-results|arc-[a-z-]+|received-spf|x-spam-[a-z-]+|x-received|x-google-smtp-source|dkim-filter):/i;

/**
 * The SHA-256 of a mail without what servers on the way add, in whatever line ends it came. The same mail that comes
 * again, by a retry, another way in or a mailbox that was rebuilt, has the same; two mails that share their
 * Message-ID by somebody's fault have not.
 */
export function fingerprintOf(raw: Uint8Array): string {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1');
  const end = /\r?\n\r?\n|\r\r/.exec(text)?.index ?? text.length;
  const lines = text.slice(0, end).split(/\r\n|\r|\n/);
  const hash = createHash('sha256');
  let traced = false;
  for (const line of lines) {
    if (!/^[ \t]/.test(line)) traced = TRACE.test(line);
    if (!traced) hash.update(`${line}\n`, 'latin1');
  }
  // SMTP ends every mail with a line end, a file need not.
  hash.update(text.slice(end).replace(/\r\n?/g, '\n').trimEnd(), 'latin1');
  return hash.digest('hex');
}

/** The longest Message-ID that is part of the native id. RFC 5322 allows lines of 998, real ones have 80. */
const LONGEST_ID = 400;

/** A mail's native id: what it is known by to the hub. Its Message-ID can be read back from it. */
export function nativeIdOf(fingerprint: string, messageId: string | null): string {
  const id = messageId && messageId.length <= LONGEST_ID ? messageId : '';
  return `${fingerprint.slice(0, 32)}:${id}`;
}

/** The Message-ID in a native id, if there is one. */
export function messageIdIn(nativeId: string): string | undefined {
  return nativeId.slice(nativeId.indexOf(':') + 1) || undefined;
}
