import type { PublicSite } from '@yixian/contracts/visitor-socket';
import type { Chat } from './chat.ts';
import { Composer } from './composer.tsx';
import { Header } from './header.tsx';
import { Messages } from './messages.tsx';
import { Notice } from './notice.tsx';
import { StartForm } from './start-form.tsx';
import { Survey } from './survey.tsx';
import type { Words } from './words.ts';

/** The panel, as `chat` stands. */
export function App({ chat, site, words }: { chat: Chat; site: PublicSite; words: Words }) {
  const blank = chat.lines.length + chat.outbox.messages.length === 0;
  const asking = blank && chat.asks.length > 0;
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
        if (!asking && event.dataTransfer) chat.send(event.dataTransfer.files);
      }}
    >
      <Header chat={chat} site={site} words={words} />
      <Notice chat={chat} words={words} />
      <main>
        {asking && !refused ? (
          <StartForm chat={chat} site={site} words={words} />
        ) : (
          <Messages chat={chat} words={words} blank={blank} />
        )}
      </main>
      {!asking && !refused && (
        <footer>
          <Survey key={chat.conversation?.id} chat={chat} words={words} />
          <Composer chat={chat} words={words} />
        </footer>
      )}
      <div class="unseen" role="status">
        {chat.heard}
      </div>
    </div>
  );
}
