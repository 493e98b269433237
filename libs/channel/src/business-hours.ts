/** `mon-fri 09:00-18:00`, `sat 10:00-16:00`, `sun-thu 20:00-02:00`: days, then from and to; to before from: next day. */
export const HOURS =
  /^(mon|tue|wed|thu|fri|sat|sun)(?:-(mon|tue|wed|thu|fri|sat|sun))? ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WEEK = 7 * 24 * 60;
const MINUTE = 60_000;

/** Minutes of the week, from Sunday 00:00; the end may lie in the week after. */
type Span = { from: number; to: number };

/** Whether there is a time zone of this name (IANA), such as `Asia/Shanghai`. */
export function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Whether it is business hours at `now`. No hours at all: always. */
export function isOpen(hours: string[], timeZone: string, now: number): boolean {
  if (hours.length === 0) return true;
  const minute = minuteOfWeek(timeZone, now);
  return spansOf(hours).some(({ from, to }) => inside(minute, from, to) || inside(minute + WEEK, from, to));
}

/** When it is business hours next, to the minute; `now` itself never counts. Undefined: never. */
export function opensAt(hours: string[], timeZone: string, now: number): number | undefined {
  const minute = minuteOfWeek(timeZone, now);
  const waits = spansOf(hours).map(({ from }) => (from - minute + WEEK) % WEEK || WEEK);
  if (waits.length === 0) return undefined;
  const whole = Math.floor(now / MINUTE) * MINUTE;
  const wait = Math.min(...waits);
  const guess = whole + wait * MINUTE;
  // A change of clocks on the way moves the opening by as much.
  const drift = (((minuteOfWeek(timeZone, guess) - minute - wait) % WEEK) + WEEK) % WEEK;
  return guess - (drift > WEEK / 2 ? drift - WEEK : drift) * MINUTE;
}

const inside = (minute: number, from: number, to: number): boolean => minute >= from && minute < to;

function spansOf(hours: string[]): Span[] {
  return hours.flatMap((line) => {
    const [, first, last, fromHour, fromMinute, toHour, toMinute] = HOURS.exec(line) ?? [];
    if (!first) return [];
    const from = Number(fromHour) * 60 + Number(fromMinute);
    const to = Number(toHour) * 60 + Number(toMinute);
    const length = to > from ? to - from : to - from + 24 * 60;
    return daysFrom(first, last ?? first).map((day) => ({
      from: day * 1440 + from,
      to: day * 1440 + from + length,
    }));
  });
}

function daysFrom(first: string, last: string): number[] {
  const start = days.indexOf(first);
  const count = (days.indexOf(last) - start + 7) % 7;
  return Array.from({ length: count + 1 }, (_, step) => (start + step) % 7);
}

function minuteOfWeek(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)!.value;
  return days.indexOf(of('weekday').toLowerCase()) * 1440 + Number(of('hour')) * 60 + Number(of('minute'));
}
