/** Endings for types whose files often come without a name. */
const endings: Record<string, string> = {
  'message/rfc822': 'eml',
  'message/delivery-status': 'txt',
  'message/disposition-notification': 'txt',
  'message/feedback-report': 'txt',
  'text/rfc822-headers': 'txt',
  'text/calendar': 'ics',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
  'text/vcard': 'vcf',
  'text/x-vcard': 'vcf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/ms-tnef': 'dat',
  'application/pgp-signature': 'asc',
  'application/pgp-encrypted': 'asc',
  'application/pkcs7-mime': 'p7m',
  'application/x-pkcs7-mime': 'p7m',
  'application/pkcs7-signature': 'p7s',
  'application/x-pkcs7-signature': 'p7s',
};

/** A name that is no path and cannot mislead; for a file without one, its type and its place among `count` others. */
export function fileNameOf(name: string, type: string, count: number): string {
  const base = name
    .split(/[/\\]/)
    .at(-1)!
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
  const ending = endings[type];
  if (base === '' || /^\.+$/.test(base))
    return ending ? `attachment-${count + 1}.${ending}` : `attachment-${count + 1}`;
  const whole = type === 'message/rfc822' && !/\.eml$/i.test(base) ? `${base}.eml` : base;
  return shorten(whole);
}

/** 255 characters at most, the ending kept. */
function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= 200) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  return characters.slice(0, 200 - ending.length).join('') + ending;
}
