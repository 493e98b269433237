import type { Conversation, Entry } from '@yixian/contracts';
import { memo, type ReactNode } from 'react';
import { useConversation } from '../desk/desk-context.tsx';
import { useAccountName } from '../ui/account-faces.ts';
import { Avatar } from '../ui/avatar.tsx';
import { ChannelIcon, useChannel } from '../ui/channel-icon.tsx';
import { Icon } from '../ui/icon.tsx';
import { announce } from '../ui/status-line.tsx';
import { useLanguage } from '../words/words.tsx';
import type { Words } from '../words/zh-cn.ts';
import { Attachments } from './attachments.tsx';
import { DeliveryMark } from './delivery-mark.tsx';
import type { BodyProps } from './body-props.ts';
import { bodyOf } from './entry-body.ts';
import { MessageText } from './message-text.tsx';
import { systemWords } from './system-words.ts';
import type { EntryItem } from './timeline-items.ts';

interface EntryProps extends Pick<EntryItem, 'entry' | 'joined' | 'newSubject' | 'newest'> {
  /** What the customer is called. */
  name: string;
  onQuote: (text: string) => void;
}

/** One entry, by its kind. Kinds that have no card of their own yet show their text. */
export const TimelineEntry = memo(function TimelineEntry(props: EntryProps): ReactNode {
  switch (props.entry.kind) {
    case 'message':
      return bodyOf(props.entry)?.shape === 'line' ? <EventLine {...props} /> : <Bubble {...props} />;
    case 'note':
      return <Bubble {...props} />;
    case 'system':
      return <SystemLine entry={props.entry} />;
    case 'survey':
      return <SurveyCard entry={props.entry} />;
    default:
      return <PlainCard entry={props.entry} />;
  }
});

function Bubble({ entry, joined, newSubject, newest, name, onQuote }: EntryProps): ReactNode {
  const { words, formats } = useLanguage();
  const isNote = entry.kind === 'note';
  const who = authorName(entry, name, words);
  const special = isNote ? undefined : bodyOf(entry);
  return (
    <div
      className="bubble-row"
      data-direction={entry.direction}
      data-kind={entry.kind}
      data-joined={joined ? '' : undefined}
      data-shape={special?.shape}
    >
      <span className="bubble-who">{!joined && <Avatar of={faceOf(entry)} name={who} size={28} />}</span>
      <div className="bubble-column">
        {!joined && (
          <div className="bubble-meta">
            <span className="bubble-author">{who}</span>
            {isNote ? <NoteMark /> : <EntryChannel entry={entry} />}
            <EntryTime at={entry.occurredAt} />
          </div>
        )}
        <div className="bubble-line">
          <div className="bubble" title={joined ? formats.full(entry.occurredAt) : undefined}>
            {special ? (
              <special.Body entry={entry} newSubject={newSubject} newest={newest} />
            ) : (
              <PlainBody entry={entry} newSubject={newSubject} newest={newest} />
            )}
          </div>
          <BubbleActions text={entry.text} onQuote={isNote ? undefined : onQuote} />
        </div>
        {entry.delivery && <DeliveryMark delivery={entry.delivery} />}
      </div>
    </div>
  );
}

function PlainBody({ entry, newSubject }: BodyProps): ReactNode {
  return (
    <>
      {newSubject && <p className="bubble-subject">{newSubject}</p>}
      {entry.text && <MessageText text={entry.text} />}
      <Attachments attachments={entry.attachments} />
    </>
  );
}

function authorName({ author }: Entry, customer: string, words: Words): string {
  if (author.kind === 'customer') return author.name || customer;
  if (author.kind === 'bot') return author.name || words.timeline.bot;
  return author.name || words.timeline.system;
}

/** Whose colour the entry wears: a customer has one, whatever identity they wrote from. */
const faceOf = ({ author, contactId }: Entry): string =>
  author.kind === 'customer' ? contactId : (author.id ?? contactId);

function EntryTime({ at }: { at: string }): ReactNode {
  const { formats } = useLanguage();
  return (
    <time dateTime={at} title={formats.full(at)}>
      {formats.time(at)}
    </time>
  );
}

function EntryChannel({ entry }: { entry: Entry }): ReactNode {
  const { name } = useChannel(entry.channel);
  return (
    <span className="bubble-channel" title={name}>
      <ChannelIcon channel={entry.channel} size={13} />
      <span className="visually-hidden">{name}</span>
    </span>
  );
}

function NoteMark(): ReactNode {
  const { words } = useLanguage();
  return (
    <span className="note-mark">
      <Icon name="lock" size={12} />
      {words.timeline.note}
    </span>
  );
}

function BubbleActions({
  text,
  onQuote,
}: {
  text: string;
  onQuote: ((text: string) => void) | undefined;
}): ReactNode {
  const { words } = useLanguage();
  if (!text) return null;
  const copy = () => void navigator.clipboard.writeText(text).then(() => announce(words.copied));
  return (
    <span className="bubble-actions">
      {onQuote && (
        <button
          type="button"
          className="icon-button small"
          aria-label={words.timeline.quote}
          title={words.timeline.quote}
          onClick={() => onQuote(text)}
        >
          <Icon name="quote" size={15} />
        </button>
      )}
      <button
        type="button"
        className="icon-button small"
        aria-label={words.timeline.copyText}
        title={words.timeline.copyText}
        onClick={copy}
      >
        <Icon name="copy" size={15} />
      </button>
    </span>
  );
}

function SystemLine({ entry }: { entry: Entry }): ReactNode {
  const { words } = useLanguage();
  return (
    <p className="system-line">
      <span>{systemWords(entry, words)}</span>
      <EntryTime at={entry.occurredAt} />
    </p>
  );
}

/** Something the customer did rather than said. */
function EventLine({ entry, newSubject, newest, name }: EntryProps): ReactNode {
  const { words } = useLanguage();
  const special = bodyOf(entry);
  if (!special) return null;
  return (
    <p className="system-line">
      <span>
        {authorName(entry, name, words)}{' '}
        <special.Body entry={entry} newSubject={newSubject} newest={newest} />
      </span>
      <EntryTime at={entry.occurredAt} />
    </p>
  );
}

function SurveyCard({ entry }: { entry: Entry }): ReactNode {
  const { words, formats } = useLanguage();
  const score = typeof entry.payload['score'] === 'number' ? entry.payload['score'] : 0;
  return (
    <div className="card survey">
      <div className="card-head">
        <span>{words.timeline.survey}</span>
        <EntryTime at={entry.occurredAt} />
      </div>
      <p className="stars">
        <span className="visually-hidden">{words.timeline.stars(formats.number(score))}</span>
        {[1, 2, 3, 4, 5].map((n) => (
          <span key={n} className="star" data-on={n <= score ? '' : undefined} aria-hidden="true">
            <Icon name="star" size={18} />
          </span>
        ))}
      </p>
      {entry.text && <MessageText text={entry.text} />}
    </div>
  );
}

function PlainCard({ entry }: { entry: Entry }): ReactNode {
  const { words } = useLanguage();
  const title = entry.kind === 'call' ? words.timeline.call : words.timeline.ticket;
  return (
    <div className="card">
      <div className="card-head">
        <span>{title}</span>
        <EntryTime at={entry.occurredAt} />
      </div>
      {entry.text && <MessageText text={entry.text} />}
    </div>
  );
}

/** The rule above the first entry of a conversation: by which channel, when, who served, how it ended. */
export function SessionRule({ entry }: { entry: Entry }): ReactNode {
  const { words } = useLanguage();
  const { name } = useChannel(entry.channel);
  const accountName = useAccountName();
  const conversation = useConversation(entry.conversationId);
  return (
    <div className="session-rule">
      <span className="session-text">
        <ChannelIcon channel={entry.channel} size={13} />
        <span>{words.timeline.sessionOf(name, accountName(entry.account))}</span>
        {conversation && <SessionFacts conversation={conversation} />}
      </span>
    </div>
  );
}

function SessionFacts({ conversation }: { conversation: Conversation }): ReactNode {
  const { words, formats } = useLanguage();
  const { createdAt, closedAt, assignee, state } = conversation;
  return (
    <>
      <span>
        {formats.time(createdAt)}
        {closedAt && `–${formats.time(closedAt)}`}
      </span>
      {assignee && <span>{assignee.name}</span>}
      <span>{words.state[state]}</span>
    </>
  );
}
