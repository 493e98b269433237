import ICAL from 'ical.js';
import type { Mailbox, MailEvent } from './mail-payload.ts';

/** Calendars beyond this size, and events beyond this number, are left to the attachment. */
const MAX_SIZE = 256 * 1024;
const MAX_EVENTS = 20;
const MAX_ATTENDEES = 200;

/** The events an iCalendar part tells of; none where it cannot be read. */
export function calendarEvents(text: string): MailEvent[] {
  if (text.length > MAX_SIZE) return [];
  try {
    const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
    const method = textOf(calendar, 'method') || null;
    return calendar
      .getAllSubcomponents('vevent')
      .slice(0, MAX_EVENTS)
      .map((event) => describe(event, method));
  } catch {
    // Broken calendars are common. The file itself is kept as an attachment.
    return [];
  }
}

function describe(event: ICAL.Component, method: string | null): MailEvent {
  return {
    method,
    uid: textOf(event, 'uid') || null,
    summary: textOf(event, 'summary'),
    start: timeOf(event, 'dtstart'),
    end: timeOf(event, 'dtend'),
    location: textOf(event, 'location'),
    organizer: mailboxOf(event.getFirstProperty('organizer')),
    attendees: event
      .getAllProperties('attendee')
      .slice(0, MAX_ATTENDEES)
      .map(mailboxOf)
      .filter((mailbox) => mailbox !== null),
  };
}

function textOf(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? value : '';
}

/** In UTC where the zone is UTC or described in the file; else as the file's own wall clock. */
function timeOf(event: ICAL.Component, name: string): string | null {
  const time = event.getFirstPropertyValue(name);
  if (!(time instanceof ICAL.Time)) return null;
  if (time.isDate) return time.toString();
  const floating = time.zone === ICAL.Timezone.localTimezone;
  return floating ? time.toString() : new Date(time.toUnixTime() * 1000).toISOString();
}

function mailboxOf(property: ICAL.Property | null): Mailbox | null {
  const value = property?.getFirstValue();
  if (!property || typeof value !== 'string') return null;
  const name = property.getParameter('cn');
  return { name: typeof name === 'string' ? name : '', address: value.replace(/^mailto:/i, '') };
}
