import type { MailEvent } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';
import type { Formats } from '../../words/formats.ts';
import { useLanguage } from '../../words/words.tsx';
import { called } from './mail-people.tsx';

const WHOLE_DAY = /^\d{4}-\d\d-\d\d$/;

/** An event of a calendar that came with the mail: what, when, where, who. */
export function Invitation({ event }: { event: MailEvent }): ReactNode {
  const { words, formats } = useLanguage();
  const kinds = words.mail.invite;
  const { method, summary, location, organizer, attendees = [] } = event;
  const kind = method && method in kinds ? kinds[method as keyof typeof kinds] : kinds.other;
  return (
    <section className="invitation" data-method={method ?? undefined}>
      <Icon name="calendar" size={20} />
      <div>
        <p className="invitation-kind">{kind}</p>
        <p className="invitation-summary">{summary}</p>
        <dl className="facts">
          <Fact name={words.mail.when} value={spanOf(event, formats)} />
          <Fact name={words.mail.where} value={location} />
          <Fact name={words.mail.organizer} value={organizer ? called(organizer) : ''} />
          <Fact name={words.mail.attendees} value={formats.list(attendees.map(called))} />
        </dl>
      </div>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }): ReactNode {
  if (!value) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** From when to when; the day is said once when both are on it. A date alone is a day, in nobody's zone. */
function spanOf({ start, end }: MailEvent, formats: Formats): string {
  if (!start || Number.isNaN(Date.parse(start))) return start ?? '';
  if (WHOLE_DAY.test(start)) return formats.day(`${start}T12:00`);
  const from = `${formats.day(start)} ${formats.time(start)}`;
  if (!end || Number.isNaN(Date.parse(end))) return from;
  return formats.day(start) === formats.day(end)
    ? `${from}–${formats.time(end)}`
    : `${from} – ${formats.day(end)} ${formats.time(end)}`;
}
