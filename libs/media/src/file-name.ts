const MAX_LENGTH = 255;

/** A name that is only a name: no folders, no control or direction characters, at most 255 characters, never empty. */
export function cleanFileName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1)!;
  // Bidirectional controls would let a program show as a picture; lone surrogates have no UTF-8.
  const printable = last.replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu, '').trim();
  return shorten(printable.replace(/^\.+$/, '')) || 'file';
}

/** Cuts the stem, not the extension. */
function shorten(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? '';
  return name.slice(0, MAX_LENGTH - extension.length).replace(/\p{Cs}$/u, '') + extension;
}

/** RFC 6266: the UTF-8 name in `filename*` (RFC 8187), and an ASCII rendering for clients that know only `filename`. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const clean = cleanFileName(name);
  const ascii = clean.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const utf8 = encodeURIComponent(clean).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
