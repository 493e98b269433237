const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Names of zones that mail still carries, in minutes east of Greenwich (RFC 5322, section 4.3, and Asia's). */
const zones: Record<string, number> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  west: 60,
  bst: 60,
  cet: 60,
  met: 60,
  mez: 60,
  mesz: 120,
  mest: 120,
  cest: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  msd: 240,
  ist: 330,
  hkt: 480,
  sgt: 480,
  awst: 480,
  cst8: 480,
  jst: 540,
  kst: 540,
  aest: 600,
  aedt: 660,
  nzst: 720,
  nzdt: 780,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  akst: -540,
  akdt: -480,
  hst: -600,
  brt: -180,
  art: -180,
};

/**
 * Reads the date of a mail: RFC 5322 and its obsolete forms, C's ctime, ISO 8601, and what clocks of the last
 * century wrote. ISO 8601 in UTC, or null.
 */
export function readDate(header: string): string | null {
  const text = header
    .slice(0, 200)
    .replaceAll(/\([^()]*\)/g, ' ')
    .replaceAll(/(\d)\s*:\s*(?=\d)/g, '$1:')
    .trim();
  return iso(text) ?? spelled(text) ?? numeric(text);
}

function iso(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return null;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
  return valid(new Date(zoned.replace(' ', 'T').replaceAll(' ', '')));
}

/** A month by name, and around it a day, a year, a time and a zone in whatever order. */
function spelled(text: string): string | null {
  const month = /(?<![a-z])(jan|feb|m[aä]r|apr|ma[yi]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*/i.exec(text);
  if (!month) return null;
  const time = /(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*([ap]m)?/i.exec(text);
  const rest = time ? text.replace(time[0], ' T ') : text;
  const numbers = [...rest.matchAll(/(?<![+\-\d:])\d{1,4}(?![\d:])/g)].map(Number);
  const day = numbers.find((number) => number >= 1 && number <= 31);
  const year = numbers.find(
    (number, index) => index !== numbers.indexOf(day ?? -1) && (number > 31 || index > 0),
  );
  if (day === undefined || year === undefined) return null;
  return assemble({ year: fullYear(year), month: monthIndex(month[1]!), day, time, zone: zoneOf(rest) });
}

const monthIndex = (name: string) => {
  const key = name
    .toLowerCase()
    .replace('ä', 'a')
    .replace('mai', 'may')
    .replace('okt', 'oct')
    .replace('dez', 'dec');
  return months.indexOf(key);
};

/** RFC 5322, section 4.3: two and three digits count from 1900, below 50 from 2000. */
const fullYear = (year: number) => (year < 50 ? 2000 + year : year < 1000 ? 1900 + year : year);

function zoneOf(text: string): number {
  const offset = /(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})\b/i.exec(text);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return offset[1] === '-' ? -minutes : minutes;
  }
  const name = /\bT\s+\(?([a-z]{1,5})\b/i.exec(text)?.[1]?.toLowerCase();
  return (name && zones[name]) || 0;
}

/** `2024/03/05 12:00:00`, `05.03.2024 12:00`. */
function numeric(text: string): string | null {
  const date = /(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})/.exec(text);
  if (!date) return null;
  const time = /(\d{1,2}):(\d{2})(?::(\d{2}))?/.exec(text.slice(date.index + date[0].length));
  const [year, month, day] = (date[1] ? [date[1], date[2], date[3]] : [date[6], date[5], date[4]]).map(
    Number,
  );
  return assemble({ year: year!, month: month! - 1, day: day!, time, zone: zoneOf(text) });
}

interface Pieces {
  year: number;
  month: number;
  day: number;
  time: RegExpExecArray | null;
  zone: number;
}

function assemble({ year, month, day, time, zone }: Pieces): string | null {
  let hour = Number(time?.[1] ?? 0);
  const half = time?.[4]?.toLowerCase();
  if (half === 'pm' && hour < 12) hour += 12;
  if (half === 'am' && hour === 12) hour = 0;
  if (hour > 24 || month < 0 || month > 11 || year < 1900 || year > 9999) return null;
  const offset = Math.abs(zone) <= 24 * 60 ? zone : 0;
  return valid(
    new Date(Date.UTC(year, month, day, hour, Number(time?.[2] ?? 0) - offset, Number(time?.[3] ?? 0))),
  );
}

const valid = (date: Date) =>
  Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? null : date.toISOString();
