import type { Locale } from './locale.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Numbers, sizes and moments as people of one locale write them. Moments are milliseconds or RFC 3339. */
export interface Formats {
  number(n: number): string;
  /** 1.4 MB. */
  bytes(n: number): string;
  /** 14:03. */
  time(moment: number | string): string;
  /** For a list: the time today, the weekday this week, else the date. */
  brief(moment: number | string, now: number): string;
  /** The day with its weekday. */
  day(moment: number | string): string;
  /** Everything, with the zone. */
  full(moment: number | string): string;
  /** 3 minutes ago. */
  ago(moment: number | string, now: number): string;
  /** How long something lasts, in its two largest units' sense: 45 s, 12 min, 3 h. */
  span(ms: number): string;
  /** How long something is open yet: hours up to three days, since these are counted. */
  remaining(ms: number): string;
  list(words: readonly string[]): string;
}

const made = new Map<Locale, Formats>();

export function formatsFor(locale: Locale): Formats {
  const known = made.get(locale) ?? makeFormats(locale);
  made.set(locale, known);
  return known;
}

function makeFormats(locale: Locale): Formats {
  const number = new Intl.NumberFormat(locale);
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const time = date({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const weekday = date({ weekday: 'short' });
  const monthDay = date({ month: 'numeric', day: 'numeric' });
  const yearMonth = date({ year: '2-digit', month: 'numeric', day: 'numeric' });
  const day = date({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' });
  const full = date({ dateStyle: 'long', timeStyle: 'long', hourCycle: 'h23' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const unit = (name: string, digits = 0) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay:
        name === 'second' || name === 'minute' || name === 'hour' || name === 'day' ? 'narrow' : 'short',
      maximumFractionDigits: digits,
    });
  const units = {
    second: unit('second'),
    minute: unit('minute'),
    hour: unit('hour'),
    day: unit('day'),
    byte: unit('byte'),
    kilobyte: unit('kilobyte'),
    megabyte: unit('megabyte', 1),
  };

  return {
    number: (n) => number.format(n),
    bytes: (n) => {
      if (n < 1000) return units.byte.format(n);
      return n < 1_000_000 ? units.kilobyte.format(n / 1000) : units.megabyte.format(n / 1_000_000);
    },
    time: (moment) => time.format(millis(moment)),
    brief: (moment, now) => {
      const at = new Date(millis(moment));
      const days = calendarDays(at, new Date(now));
      if (days === 0) return time.format(at);
      if (days === 1) return relative.format(-1, 'day');
      if (days < 7) return weekday.format(at);
      return at.getFullYear() === new Date(now).getFullYear() ? monthDay.format(at) : yearMonth.format(at);
    },
    day: (moment) => day.format(millis(moment)),
    full: (moment) => full.format(millis(moment)),
    ago: (moment, now) => {
      const past = Math.max(0, now - millis(moment));
      if (past < MINUTE) return relative.format(-Math.round(past / 1000), 'second');
      if (past < HOUR) return relative.format(-Math.round(past / MINUTE), 'minute');
      return past < DAY
        ? relative.format(-Math.round(past / HOUR), 'hour')
        : relative.format(-Math.round(past / DAY), 'day');
    },
    span: (ms) => {
      if (ms < MINUTE) return units.second.format(Math.max(0, Math.floor(ms / 1000)));
      if (ms < HOUR) return units.minute.format(Math.floor(ms / MINUTE));
      return ms < DAY ? units.hour.format(Math.floor(ms / HOUR)) : units.day.format(Math.floor(ms / DAY));
    },
    remaining: (ms) => {
      if (ms < HOUR) return units.minute.format(Math.ceil(ms / MINUTE));
      return ms < 3 * DAY ? units.hour.format(Math.floor(ms / HOUR)) : units.day.format(Math.floor(ms / DAY));
    },
    list: (words) => list.format(words),
  };
}

const millis = (moment: number | string): number =>
  typeof moment === 'number' ? moment : Date.parse(moment);

/** How many midnights lie between, in this browser's zone. */
function calendarDays(from: Date, to: Date): number {
  const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  return Math.round((midnight(to) - midnight(from)) / DAY);
}
