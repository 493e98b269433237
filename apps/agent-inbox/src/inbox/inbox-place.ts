import type { ContactId, ConversationId, InboxView } from '@yixian/contracts';
import { inboxViews } from '../desk/inbox-view.ts';

/** Where in the inbox: every place is a URL. */
export interface InboxPlace {
  view: InboxView;
  contactId?: ContactId | undefined;
  conversationId?: ConversationId | undefined;
}

export function inboxUrl({ view, contactId, conversationId }: InboxPlace): string {
  if (!contactId) return `/inbox/${view}`;
  return `/inbox/${view}/${contactId}${conversationId ? `?c=${conversationId}` : ''}`;
}

/** The view that a URL names; `undefined` when there is none of that name. */
export const viewNamed = (name: string): InboxView | undefined => inboxViews.find((view) => view === name);
