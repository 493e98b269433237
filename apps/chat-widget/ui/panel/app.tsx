import type { PublicSite } from '@yixian/contracts/visitor-socket';
import type { Chat } from './chat.ts';
import { Composer } from './composer.tsx';
import { Header } from './header.tsx';
import { Messages } from './messages.tsx';
import { Notice } from './notice.tsx';
import type { Words } from './words.ts';

export type Extras = typeof import('./extras.ts');

interface AppProps {
  chat: Chat;
  site: PublicSite;
  words: Words;
  /** Undefined until {@link wantsExtras} says so and they are loaded. */
  extras: Extras | undefined;
}

const isBlank = ({ lines, outbox }: Chat): boolean => lines.length + outbox.messages.length === 0;
const isAsking = (chat: Chat): boolean => isBlank(chat) && chat.asks.length > 0;

export const wantsExtras = (chat: Chat): boolean =>
  isAsking(chat) || chat.uploads.length > 0 || chat.qr !== undefined || Boolean(chat.conversation?.survey);

/** The panel, as `chat` stands. */
export function App({ chat, site, words, extras }: AppProps) {
  const asking = isAsking(chat);
  const refused = chat.link === 'refused';
  const dragged = (event: DragEvent, over: boolean) => {
    event.preventDefault();
    (event.currentTarget as HTMLElement).classList.toggle('dropping', over && !asking);
  };
  return (
    <div
      class="panel"
      data-drop={words.drop}
      onDragOver={(event) => dragged(event, true)}
      onDragLeave={(event) => dragged(event, false)}
      onDrop={(event) => {
        dragged(event, false);
        if (!asking && event.dataTransfer) void chat.send(event.dataTransfer.files);
      }}
    >
      <Header chat={chat} site={site} words={words} />
      <Notice chat={chat} words={words} />
      {extras && chat.qr !== undefined && <extras.Scan chat={chat} words={words} />}
      <main>
        {asking && !refused ? (
          extras && <extras.StartForm chat={chat} site={site} words={words} />
        ) : (
          <Messages chat={chat} words={words} blank={isBlank(chat)} extras={extras} />
        )}
      </main>
      {!asking && !refused && (
        <footer>
          {extras && <extras.Survey key={chat.conversation?.id} chat={chat} words={words} />}
          <Composer chat={chat} words={words} />
        </footer>
      )}
      <div class="unseen" role="status">
        {chat.heard}
      </div>
    </div>
  );
}
