import type { PublicSite } from '@yixian/contracts/visitor-socket';
import type { Chat } from './chat.ts';
import { Icon } from './icons.tsx';
import { weekTime } from './when.ts';
import type { Words } from './words.ts';

/** Whose chat this is, who serves, and the way out. */
export function Header({ chat, site, words }: { chat: Chat; site: PublicSite; words: Words }) {
  const agent = chat.conversation?.closed ? null : chat.conversation?.agentName;
  return (
    <header>
      <span class="face" aria-hidden="true">
        {[...(agent ?? site.title)][0]}
      </span>
      <div class="who">
        <h1>{site.title}</h1>
        <p class={chat.staffed && chat.link !== 'down' ? 'there' : ''}>
          {agent ? words.serving(agent) : presence(chat, words)}
        </p>
      </div>
      {site.wechat && chat.lines.length > 0 && (
        <button
          type="button"
          class="close"
          aria-label={words.wechat}
          title={words.wechat}
          aria-expanded={chat.qr !== undefined}
          onClick={() => void chat.scan()}
        >
          <Icon name="qr" />
        </button>
      )}
      <button type="button" class="close" aria-label={words.close} onClick={() => chat.close()}>
        <Icon name="close" />
      </button>
    </header>
  );
}

function presence({ link, staffed, staffedAt, locale }: Chat, words: Words): string {
  if (link === 'down') return words.connecting;
  if (staffed) return words.online;
  return staffedAt ? words.awayUntil(weekTime(staffedAt, locale)) : words.away;
}
