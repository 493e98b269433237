import type { PublicSite } from '@yixian/contracts/visitor-socket';
import { render } from 'preact';
import { App, wantsExtras } from './app.tsx';
import type { Extras } from './app.tsx';
import { Chat } from './chat.ts';
import { hostPage } from './host-page.ts';
import './panel.css';
import { paint } from './theme.ts';
import { wordsOf } from './words.ts';
import type { Words } from './words.ts';

const page = document.documentElement;
const site = JSON.parse(page.dataset.site!) as PublicSite;
const query = new URLSearchParams(location.search);
paint(page, site);
document.title = site.title;

/** Paints all of it after a change, once for all changes of a moment. */
async function start(): Promise<void> {
  const [host, first] = await Promise.all([hostPage(query.get('o')!), wordsOf(query.get('l'))]);
  let words = first;
  let extras: Extras | undefined;
  let due = false;
  const chat = new Chat(site.site, host, () => {
    if (due) return;
    due = true;
    queueMicrotask(paintAll);
  });
  function paintAll(): void {
    due = false;
    page.lang = chat.locale;
    if (words.locale !== chat.locale) void wordsOf(chat.locale).then(speak);
    if (!extras && wantsExtras(chat)) void import('./extras.ts').then(equip);
    render(<App chat={chat} site={site} words={words} extras={extras} />, document.body);
  }
  function equip(loaded: Extras): void {
    extras = loaded;
    paintAll();
  }
  function speak(other: Words): void {
    words = other;
    paintAll();
  }
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) chat.close();
  });
  paintAll();
}

void start();
