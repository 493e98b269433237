import type { ContactId, DeskEvent, TimelineEvent } from '@yixian/contracts';

/** An event of the desk, and who gets it in which form. */
export interface Addressed {
  /** Whose contact it is about; null when that makes no difference. */
  about: ContactId | null;
  /** What those get who watch the contact. */
  watchers: DeskEvent | undefined;
  /** What all others get. */
  others: DeskEvent | undefined;
}

/** What the desk is told of something that happened: the row to every agent, the entry to those who watch. */
export function addressed(event: TimelineEvent): Addressed {
  switch (event.kind) {
    case 'entry.recorded': {
      const { conversation, entry } = event;
      return {
        about: entry.contactId,
        watchers: { type: 'entry', conversation, entry },
        others: { type: 'conversation', conversation },
      };
    }
    case 'conversation.changed': {
      const row: DeskEvent = { type: 'conversation', conversation: event.conversation };
      return { about: event.conversation.contactId, watchers: row, others: row };
    }
    case 'delivery.changed': {
      const { kind: _kind, id: _id, ...delivery } = event;
      return toWatchers(event.contactId, { type: 'delivery', ...delivery });
    }
    case 'contact.changed':
      return toEveryone({ type: 'contact', contact: event.contact });
    case 'identity.moved': {
      const { identityId, from, to } = event;
      return toEveryone({ type: 'moved', identityId, from, to });
    }
  }
}

export const toEveryone = (event: DeskEvent): Addressed => ({ about: null, watchers: event, others: event });

export const toWatchers = (about: ContactId, event: DeskEvent): Addressed => ({
  about,
  watchers: event,
  others: undefined,
});
