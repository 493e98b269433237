import type { Conversation, InboxView } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useDesk } from '../desk/desk-context.tsx';
import { inboxUrl } from '../inbox/inbox-place.ts';
import { useAccountName } from '../ui/account-faces.ts';
import { ChannelIcon, useChannel } from '../ui/channel-icon.tsx';
import { useWords } from '../words/words.tsx';

interface ViaProps {
  conversation: Conversation;
  conversations: readonly Conversation[];
  view: InboxView;
}

/** By which conversation the reply goes; a choice where the contact has several. */
export function Via({ conversation, conversations, view }: ViaProps): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { drafts } = useDesk();
  const { name } = useChannel(conversation.channel);
  const open = conversations.filter((one) => one.state !== 'closed' || one.id === conversation.id);
  if (open.length < 2) {
    return (
      <span className="via">
        <ChannelIcon channel={conversation.channel} />
        {words.composer.via(name)}
      </span>
    );
  }
  return (
    <label className="via">
      <ChannelIcon channel={conversation.channel} />
      <span className="visually-hidden">{words.composer.channel}</span>
      <select
        value={conversation.id}
        onChange={(event) => {
          const conversationId = event.target.value as Conversation['id'];
          drafts.carry(conversation.id, conversationId);
          go(inboxUrl({ view, contactId: conversation.contactId, conversationId }), { replace: true });
        }}
      >
        {open.map((one) => (
          <ViaOption key={one.id} conversation={one} />
        ))}
      </select>
    </label>
  );
}

function ViaOption({ conversation }: { conversation: Conversation }): ReactNode {
  const words = useWords();
  const { name } = useChannel(conversation.channel);
  const accountName = useAccountName();
  return (
    <option value={conversation.id}>
      {words.composer.viaAccount(
        words.composer.via(name),
        conversation.subject?.slice(0, 40) || accountName(conversation.account),
      )}
    </option>
  );
}
