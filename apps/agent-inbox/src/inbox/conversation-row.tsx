import type { Conversation } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { draftText } from '../composer/drafts.ts';
import { contactName } from '../desk/contact-name.ts';
import { useDesk, useDeskState } from '../desk/desk-context.tsx';
import { isTyping, viewersOf } from '../desk/viewers.ts';
import { Avatar } from '../ui/avatar.tsx';
import { useChannel } from '../ui/channel-icon.tsx';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/now.ts';
import { useObservable } from '../ui/observable.ts';
import { useLanguage } from '../words/words.tsx';
import { previewWords } from './preview-words.ts';
import { WaitingClock } from './waiting-clock.tsx';

interface RowProps {
  conversation: Conversation;
  href: string;
  current: boolean;
}

/** One conversation in the list: who, when, the newest words, and what it waits for. */
export function ConversationRow({ conversation, href, current }: RowProps): ReactNode {
  const { words, formats } = useLanguage();
  const name = contactName(conversation, words);
  const channel = useChannel(conversation.channel);
  const when = useNow((now) => formats.brief(conversation.lastAt, now));
  const { unread, waitingSince, state } = conversation;
  return (
    <Link
      href={href}
      className="row"
      aria-current={current ? 'true' : undefined}
      data-unread={unread > 0 ? '' : undefined}
      data-state={state}
    >
      <Avatar of={conversation.contactId} name={name} channel={conversation.channel} />
      <span className="row-text">
        <span className="row-line">
          <span className="row-name">{name}</span>
          <span className="visually-hidden">{channel.name}</span>
          <time className="row-time" dateTime={conversation.lastAt} title={formats.full(conversation.lastAt)}>
            {when}
          </time>
        </span>
        <span className="row-line">
          <SecondLine conversation={conversation} />
          <span className="row-marks">
            <RowViewers conversation={conversation} />
            {waitingSince && state === 'open' && <WaitingClock since={waitingSince} />}
            {unread > 0 && (
              <span className="unread-count" aria-label={words.list.unread(formats.number(unread))}>
                {unread > 99 ? '99+' : formats.number(unread)}
              </span>
            )}
          </span>
        </span>
      </span>
    </Link>
  );
}

/** Typing goes before a draft, a draft before the newest words. */
function SecondLine({ conversation }: { conversation: Conversation }): ReactNode {
  const { words } = useLanguage();
  const { drafts } = useDesk();
  const typedAt = useDeskState((state) => state.typing.get(conversation.contactId));
  const typing = useNow((now) => isTyping(typedAt, now));
  const draft = useObservable(drafts.all, (all) => draftText(all.get(conversation.id)));
  const { preview, subject } = conversation;
  if (typing) return <span className="row-preview typing">{words.list.typing}</span>;
  if (draft) {
    return (
      <span className="row-preview">
        <span className="row-draft">{words.list.draft}</span> {draft}
      </span>
    );
  }
  if (!preview) return <span className="row-preview">{words.list.none}</span>;
  return (
    <span className="row-preview">
      {subject && <span className="row-subject">{subject} — </span>}
      {preview.kind === 'note' && <Icon name="lock" size={12} />}
      {preview.direction === 'out' && (
        <>
          <Icon name="reply" size={13} />
          <span className="visually-hidden">{words.list.replied}</span>
        </>
      )}
      {previewWords(preview, words)}
    </span>
  );
}

function RowViewers({ conversation }: { conversation: Conversation }): ReactNode {
  const { words, formats } = useLanguage();
  const { agent } = useDesk();
  const all = useDeskState((state) => state.viewers);
  const names = useNow((now) =>
    viewersOf(all, conversation.contactId, agent.id, now)
      .map((viewer) => viewer.agent.name)
      .join('\n'),
  );
  if (!names) return null;
  return (
    <span className="row-viewers" title={words.list.viewedBy(formats.list(names.split('\n')))}>
      <Icon name="eye" size={14} />
      <span className="visually-hidden">{words.list.viewedBy(formats.list(names.split('\n')))}</span>
    </span>
  );
}
