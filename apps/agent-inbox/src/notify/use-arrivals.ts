import type { Conversation } from '@yixian/contracts';
import { useEffect, useEffectEvent } from 'react';
import { useLocation } from 'wouter';
import { contactName } from '../desk/contact-name.ts';
import { useDesk } from '../desk/desk-context.tsx';
import { previewWords } from '../inbox/preview-words.ts';
import { useLanguage } from '../words/words.tsx';
import { arrivals } from './arrivals.ts';

/** While the tab is hidden: counts new messages in the title and shows them as desktop notifications. */
export function useArrivals(): void {
  const { store, agent } = useDesk();
  const { words, formats } = useLanguage();
  const [, go] = useLocation();
  const tell = useEffectEvent((conversation: Conversation) => {
    if (globalThis.Notification?.permission !== 'granted') return;
    const shown = new Notification(words.notify.title(contactName(conversation, words)), {
      body: conversation.preview ? previewWords(conversation.preview, words) : '',
      tag: conversation.id,
    });
    shown.onclick = () => {
      focus();
      go(`/inbox/mine/${conversation.contactId}?c=${conversation.id}`);
      shown.close();
    };
  });
  const title = useEffectEvent((count: number) => {
    document.title = `${count > 0 ? `${words.notify.count(formats.number(count))} ` : ''}${words.product}`;
  });
  useEffect(() => {
    let before = store.get();
    let count = 0;
    const stop = store.subscribe(() => {
      const after = store.get();
      // What a page brings is not news; what was heard while we listened is.
      const news = before.epoch === after.epoch && document.hidden ? arrivals(before, after, agent.id) : [];
      before = after;
      if (news.length === 0) return;
      title((count += news.length));
      news.forEach(tell);
    });
    const seen = () => document.hidden || title((count = 0));
    document.addEventListener('visibilitychange', seen);
    seen();
    return () => {
      stop();
      document.removeEventListener('visibilitychange', seen);
    };
  }, [store, agent.id]);
  useEffect(() => title(0), [words]);
}
