import iconv from 'iconv-lite';

/** Labels seen in mail which iconv-lite does not know, and those which are narrower than what senders put in. */
const wider: Record<string, string> = {
  '': 'us-ascii',
  ascii: 'us-ascii',
  '7bit': 'us-ascii',
  '8bit': 'us-ascii',
  'us-ascii': 'us-ascii',
  'ansi_x3.4-1968': 'us-ascii',
  'iso646-us': 'us-ascii',
  unknown: 'us-ascii',
  'x-unknown': 'us-ascii',
  'unknown-8bit': 'us-ascii',
  'x-user-defined': 'us-ascii',
  default: 'us-ascii',
  none: 'us-ascii',
  binary: 'us-ascii',
  utf8: 'utf-8',
  'utf-8': 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
  utf8mb4: 'utf-8',
  cp65001: 'utf-8',
  unicode: 'utf-16',
  gb2312: 'gb18030',
  'gb_2312-80': 'gb18030',
  gb_2312: 'gb18030',
  csgb2312: 'gb18030',
  gbk: 'gb18030',
  'x-gbk': 'gb18030',
  cp936: 'gb18030',
  ms936: 'gb18030',
  'windows-936': 'gb18030',
  'euc-cn': 'gb18030',
  euccn: 'gb18030',
  chinese: 'gb18030',
  'gb18030-2000': 'gb18030',
  big5: 'big5-hkscs',
  'cn-big5': 'big5-hkscs',
  'x-x-big5': 'big5-hkscs',
  'big5-eten': 'big5-hkscs',
  big5hkscs: 'big5-hkscs',
  cp950: 'big5-hkscs',
  'windows-950': 'big5-hkscs',
  'hz-gb-2312': 'hz',
  hz: 'hz',
  shift_jis: 'cp932',
  'shift-jis': 'cp932',
  shiftjis: 'cp932',
  sjis: 'cp932',
  'x-sjis': 'cp932',
  ms_kanji: 'cp932',
  cp932: 'cp932',
  ms932: 'cp932',
  'windows-31j': 'cp932',
  'iso-2022-jp': 'iso-2022-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-3': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  csiso2022jp: 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp50222: 'iso-2022-jp',
  jis: 'iso-2022-jp',
  'iso-2022-kr': 'iso-2022-kr',
  'iso-2022-cn': 'iso-2022-cn',
  'euc-jp': 'euc-jp',
  'x-euc-jp': 'euc-jp',
  'x-euc': 'euc-jp',
  'euc-kr': 'cp949',
  euckr: 'cp949',
  'ks_c_5601-1987': 'cp949',
  ksc_5601: 'cp949',
  ks_c_5601: 'cp949',
  ksc5601: 'cp949',
  ks_c_5601_1987: 'cp949',
  'ks_c_5601-1989': 'cp949',
  'x-windows-949': 'cp949',
  uhc: 'cp949',
  korean: 'cp949',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  iso8859_1: 'windows-1252',
  'iso-8859-1-windows-3.1-latin-1': 'windows-1252',
  iso_8859_1: 'windows-1252',
  'iso_8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  l1: 'windows-1252',
  ansi: 'windows-1252',
  ansi_1252: 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-11': 'windows-874',
  'tis-620': 'windows-874',
  'iso-8859-8-i': 'windows-1255',
  'iso-8859-8-e': 'windows-1255',
  'iso-8859-8': 'windows-1255',
  visual: 'windows-1255',
  'utf-7': 'utf-7',
  'unicode-1-1-utf-7': 'utf-7',
  'x-mac-roman': 'macroman',
  'x-mac-cyrillic': 'maccyrillic',
  'x-mac-japanese': 'cp932',
  'x-mac-chinesesimp': 'gb18030',
  'x-mac-chinesetrad': 'big5-hkscs',
  'x-mac-korean': 'cp949',
  koi8: 'koi8-r',
  'koi8-ru': 'koi8-u',
  koi7: 'us-ascii',
};

/**
 * The charset that `label` means: the widest its users put in under that name (gb2312 is read as gb18030, Latin-1
 * as windows-1252). Undefined for a name that nobody knows.
 */
export function charsetOf(label: string): string | undefined {
  const name = label
    .trim()
    .replace(/^["'=\s]+|["';,\s].*$/gs, '')
    .toLowerCase()
    .replace(/^charset=/, '');
  const known = wider[name] ?? wider[name.replaceAll('_', '-')];
  if (known) return known;
  const windows = /^(?:cp|win|windows|x-cp|ms)[-_]?(125\d|874)$/.exec(name);
  if (windows) return `windows-${windows[1]}`;
  const iso = /^(?:x-)?iso[-_]?8859[-_](\d{1,2})(?:$|[:-])/.exec(name);
  if (iso) return wider[`iso-8859-${iso[1]}`] ?? `iso-8859-${iso[1]}`;
  const page = /^(?:cp|ibm|dos)[-_]?0*(\d{3,4})$/.exec(name)?.[1];
  if (page && iconv.encodingExists(`cp${page}`)) return `cp${page}`;
  return name && iconv.encodingExists(name) && !notCharsets.has(name) ? name : undefined;
}

/** What iconv-lite offers beside charsets. */
const notCharsets = new Set(['base64', 'hex', 'internal', 'utf7imap', 'utf-7-imap']);
