import type { AgentId, Conversation, InboxView } from '@yixian/contracts';
import { movesFrom } from '@yixian/contracts/conversation-state';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { act } from '../contact/act.ts';
import { useConversation, useDesk, useDeskState } from '../desk/desk-context.tsx';
import { viewersOf } from '../desk/viewers.ts';
import { inboxUrl } from '../inbox/inbox-place.ts';
import { useShortcut } from '../keyboard/shortcuts.ts';
import { useContextPane } from '../preferences/context-pane.ts';
import { Avatar } from '../ui/avatar.tsx';
import { ChannelIcon, useChannel } from '../ui/channel-icon.tsx';
import { Combobox, type Option } from '../ui/combobox.tsx';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/now.ts';
import { Popover } from '../ui/popover.tsx';
import { useResource } from '../ui/resource.ts';
import { useLanguage, useWords } from '../words/words.tsx';

interface HeadProps {
  conversation: Conversation;
  name: string;
  view: InboxView;
}

/** Who it is, who else is here, and what can be done. */
export function TimelineHead({ conversation, name, view }: HeadProps): ReactNode {
  const words = useWords();
  const channel = useChannel(conversation.channel);
  const context = useContextPane();
  return (
    <header className="timeline-head">
      <Link href={`/inbox/${view}`} className="icon-button back" aria-label={words.shortcuts.back}>
        <Icon name="chevronLeft" />
      </Link>
      <div className="timeline-title">
        <h1>{name}</h1>
        <p>
          <span className="state-mark" data-state={conversation.state}>
            {words.state[conversation.state]}
          </span>
          <span className="channel-mark">
            <ChannelIcon channel={conversation.channel} />
            {channel.name}
          </span>
          {conversation.subject && (
            <span className="head-subject" title={conversation.subject}>
              {conversation.subject}
            </span>
          )}
          <Related conversation={conversation} view={view} />
          <CustomerPresence conversation={conversation} />
        </p>
      </div>
      <Viewers conversation={conversation} />
      <Actions conversation={conversation} />
      <button
        type="button"
        className="icon-button"
        aria-label={words.timeline.context}
        title={`${words.timeline.context} (\\)`}
        aria-pressed={context.shown}
        onClick={() => context.show(!context.shown)}
      >
        <Icon name="panel" />
      </button>
    </header>
  );
}

/** The way to the conversation that this one's first message quotes. */
function Related({ conversation, view }: Omit<HeadProps, 'name'>): ReactNode {
  const words = useWords();
  const { relatedId } = conversation;
  const known = useConversation(relatedId ?? undefined);
  if (!relatedId) return null;
  const { contactId, subject } = known ?? { contactId: conversation.contactId, subject: null };
  return (
    <Link
      className="related"
      href={inboxUrl({ view, contactId, conversationId: relatedId })}
      title={words.timeline.relatedHint}
    >
      <Icon name="link" size={13} />
      {subject ? words.timeline.relatedTo(subject) : words.timeline.related}
    </Link>
  );
}

function CustomerPresence({ conversation }: { conversation: Conversation }): ReactNode {
  const words = useWords();
  const presence = useDeskState((state) => state.presence.get(conversation.contactId));
  if (!presence?.online) return null;
  return (
    <span className="online-mark">
      <span className="online-dot" aria-hidden="true" />
      {presence.page
        ? words.timeline.onPage(presence.page.title || presence.page.url)
        : words.timeline.online}
    </span>
  );
}

function Viewers({ conversation }: { conversation: Conversation }): ReactNode {
  const { words, formats } = useLanguage();
  const { agent } = useDesk();
  const all = useDeskState((state) => state.viewers);
  const told = useNow((now) => {
    const viewers = viewersOf(all, conversation.contactId, agent.id, now);
    const typing = viewers.filter((viewer) => viewer.typing);
    const names = formats.list((typing.length > 0 ? typing : viewers).map((viewer) => viewer.agent.name));
    if (!names) return '';
    return typing.length > 0 ? words.timeline.agentTyping(names) : words.timeline.viewing(names);
  });
  if (!told) return null;
  return (
    <span className="viewers">
      <Icon name="eye" size={16} />
      {told}
    </span>
  );
}

function Actions({ conversation }: { conversation: Conversation }): ReactNode {
  const words = useWords();
  const desk = useDesk();
  const { api, agent } = desk;
  const { id, state, assignee } = conversation;
  const moves = movesFrom(state);
  const [closable, reopenable] = [moves.includes('close'), moves.includes('reopen')];
  const isMine = assignee?.id === agent.id;
  const close = () => void act(desk, words, api.close(id));
  const reopen = () => void act(desk, words, api.reopen(id));
  const take = () => void act(desk, words, api.assign(id, agent.id));
  useShortcut('e', close, closable);
  useShortcut('shift+e', reopen, reopenable);
  useShortcut('i', take, closable && !isMine);
  return (
    <div className="timeline-actions" role="group" aria-label={words.timeline.actions}>
      {closable && <AssignMenu conversation={conversation} />}
      {closable && !isMine && (
        <button type="button" className="button" onClick={take} aria-keyshortcuts="I">
          <Icon name="userPlus" size={16} />
          {words.timeline.assignMe}
        </button>
      )}
      {closable && (
        <button type="button" className="button" onClick={close} aria-keyshortcuts="E">
          <Icon name="check" size={16} />
          {words.timeline.closeIt}
        </button>
      )}
      {reopenable && (
        <button type="button" className="button" onClick={reopen} aria-keyshortcuts="Shift+E">
          <Icon name="refresh" size={16} />
          {words.timeline.reopen}
        </button>
      )}
    </div>
  );
}

interface AgentOption extends Option {
  agentId: AgentId | null;
}

function AssignMenu({ conversation }: { conversation: Conversation }): ReactNode {
  const words = useWords();
  const [open, setOpen] = useState(false);
  useShortcut('a', () => setOpen(true));
  const { assignee } = conversation;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      className="button quiet assignee"
      button={
        <>
          {assignee ? (
            <Avatar of={assignee.id} name={assignee.name} size={20} />
          ) : (
            <Icon name="user" size={16} />
          )}
          <span className="visually-hidden">{words.timeline.assign}</span>
          <span className="assignee-name">{assignee?.name ?? words.timeline.unassigned}</span>
          <Icon name="chevronDown" size={14} />
        </>
      }
    >
      {(close) => <AgentChoice conversation={conversation} onDone={close} />}
    </Popover>
  );
}

function AgentChoice({
  conversation,
  onDone,
}: {
  conversation: Conversation;
  onDone: () => void;
}): ReactNode {
  const words = useWords();
  const desk = useDesk();
  const [text, setText] = useState('');
  const loaded = useResource(desk.agents);
  const agents = loaded.status === 'ready' ? loaded.value.filter((agent) => !agent.disabled) : [];
  const options: AgentOption[] = agents
    .filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(text.toLowerCase()))
    .map(({ id, name }) => ({
      id,
      agentId: id,
      label: id === desk.agent.id ? `${name} (${words.you})` : name,
      icon: <Avatar of={id} name={name} size={20} />,
    }));
  if (conversation.assignee && !text) {
    options.push({
      id: 'none',
      agentId: null,
      label: words.timeline.unassign,
      icon: <Icon name="inbox" size={18} />,
    });
  }
  const nothing =
    loaded.status === 'failed'
      ? words.failed.load(words.problem[loaded.code])
      : loaded.status === 'ready'
        ? words.timeline.noAgent
        : words.loading;
  return (
    <Combobox
      label={words.timeline.assignTo}
      placeholder={words.timeline.assignTo}
      text={text}
      onText={setText}
      options={options}
      nothing={nothing}
      onPick={({ agentId }) => {
        onDone();
        void act(desk, words, desk.api.assign(conversation.id, agentId));
      }}
    />
  );
}
