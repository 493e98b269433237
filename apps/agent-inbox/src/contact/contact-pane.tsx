import type { Contact, ContactId, Conversation, InboxView } from '@yixian/contracts';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { nameOfContact } from '../desk/contact-name.ts';
import { useContact, useDesk, useDeskState } from '../desk/desk-context.tsx';
import { codeOf } from '../http/request-failed.ts';
import { inboxUrl } from '../inbox/inbox-place.ts';
import { Avatar } from '../ui/avatar.tsx';
import { ChannelIcon, useChannel } from '../ui/channel-icon.tsx';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/now.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { toast } from '../ui/status-line.tsx';
import { useLanguage, useWords } from '../words/words.tsx';
import { claimWords } from './claim-words.ts';
import { Identities } from './identities.tsx';
import { LinkHistory } from './link-history.tsx';
import { Suggestions } from './suggestions.tsx';

interface ContactPaneProps {
  contactId: ContactId;
  conversations: readonly Conversation[];
  current: Conversation | undefined;
  view: InboxView;
}

/** Who the customer is: name, identities, earlier conversations, and what was linked. */
export function ContactPane({ contactId, conversations, current, view }: ContactPaneProps): ReactNode {
  const words = useWords();
  const contact = useContact(contactId);
  return (
    <aside className="contact-pane" aria-label={words.contact.label}>
      {contact ? (
        <>
          <ContactHead contact={contact} />
          <Conflicts contactId={contactId} view={view} />
          <Suggestions contactId={contactId} view={view} />
          <Attributes contact={contact} />
          <Identities contact={contact} />
          <Conversations conversations={conversations} current={current} view={view} />
          <LinkHistory contact={contact} />
        </>
      ) : (
        <Skeleton rows={5} shape="line" />
      )}
    </aside>
  );
}

function ContactHead({ contact }: { contact: Contact }): ReactNode {
  const { words, formats } = useLanguage();
  const [editing, setEditing] = useState(false);
  const name = nameOfContact(contact, words);
  return (
    <header className="contact-head">
      <Avatar of={contact.id} name={name} size={56} />
      {editing ? (
        <NameForm contact={contact} onDone={() => setEditing(false)} />
      ) : (
        <h2 className="contact-name">
          {name}
          <button
            type="button"
            className="icon-button small"
            aria-label={words.contact.editName}
            title={words.contact.editName}
            onClick={() => setEditing(true)}
          >
            <Icon name="edit" size={15} />
          </button>
        </h2>
      )}
      <p className="contact-since">{words.contact.since(formats.day(contact.createdAt))}</p>
    </header>
  );
}

function NameForm({ contact, onDone }: { contact: Contact; onDone: () => void }): ReactNode {
  const words = useWords();
  const { api, store, clock } = useDesk();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    try {
      const changed = await api.patchContact(contact.id, { name: name || null });
      store.dispatch({ type: 'events', events: [{ type: 'contact', contact: changed }], at: clock.now() });
      onDone();
    } catch (thrown) {
      toast(words.failed.act(words.problem[codeOf(thrown)]));
    }
  };
  return (
    <form className="name-form" onSubmit={(event) => void submit(event)}>
      <input
        className="field"
        name="name"
        aria-label={words.contact.name}
        defaultValue={contact.name ?? ''}
        maxLength={200}
        autoFocus
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      />
      <div className="button-row">
        <button type="submit" className="button primary small">
          {words.save}
        </button>
        <button type="button" className="button quiet small" onClick={onDone}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}

/** What is known beside the name: plain values only. */
function Attributes({ contact }: { contact: Contact }): ReactNode {
  const words = useWords();
  const { online, page } = useDeskState((state) => state.presence.get(contact.id)) ?? { online: false };
  const known = Object.entries(contact.attributes).filter(([, value]) =>
    ['string', 'number'].includes(typeof value),
  );
  if (known.length === 0 && !contact.locale && !(online && page)) return null;
  return (
    <section className="contact-section">
      <h3>{words.contact.attributes}</h3>
      <dl className="facts">
        {online && page && (
          <div>
            <dt>{words.contact.page}</dt>
            <dd title={page.url}>{page.title || page.url}</dd>
          </div>
        )}
        {contact.locale && (
          <div>
            <dt>{words.contact.locale}</dt>
            <dd>{contact.locale}</dd>
          </div>
        )}
        {known.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Conversations({ conversations, current, view }: Omit<ContactPaneProps, 'contactId'>): ReactNode {
  const words = useWords();
  return (
    <section className="contact-section">
      <h3>{words.contact.conversations}</h3>
      <ul className="session-list">
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <ConversationLink conversation={conversation} current={conversation === current} view={view} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LinkProps {
  conversation: Conversation;
  current: boolean;
  view: InboxView;
}

function ConversationLink({ conversation, current, view }: LinkProps): ReactNode {
  const { words, formats } = useLanguage();
  const { name } = useChannel(conversation.channel);
  const { id, contactId, state, lastAt, assignee } = conversation;
  const when = useNow((now) => formats.brief(lastAt, now));
  return (
    <Link
      href={inboxUrl({ view, contactId, conversationId: id })}
      className="session-link"
      aria-current={current ? 'true' : undefined}
    >
      <ChannelIcon channel={conversation.channel} size={15} />
      <span className="session-link-text">
        <span>{conversation.subject || name}</span>
        <span className="faint">
          {when}
          {assignee && ` · ${assignee.name}`}
        </span>
      </span>
      <span className="state-mark" data-state={state}>
        {words.state[state]}
      </span>
    </Link>
  );
}

/** Others who prove the same claim: for a person to decide, never merged blindly. */
function Conflicts({ contactId, view }: { contactId: ContactId; view: InboxView }): ReactNode {
  const words = useWords();
  const conflicts = useDeskState((state) => state.details.get(contactId)?.conflicts);
  if (!conflicts?.length) return null;
  return (
    <section className="contact-section conflicts">
      <h3>{words.contact.conflicts}</h3>
      {conflicts.map((conflict) => (
        <p key={conflict.id}>
          {words.contact.conflictText(claimWords(conflict.claim, words))}{' '}
          <Link href={inboxUrl({ view, contactId: conflict.otherContactId })}>
            {words.contact.conflictOpen}
          </Link>
        </p>
      ))}
    </section>
  );
}
