import { memo, type ReactNode, useState } from 'react';
import { useWords } from '../words/words.tsx';
import { linkified } from './linkified.ts';

/** Longer texts are shown in part first. */
const LONG = 1200;
const MANY_LINES = 24;

/** Somebody's words as they were written, with links made clickable. Never HTML. */
export const MessageText = memo(function MessageText({ text }: { text: string }): ReactNode {
  const words = useWords();
  const [whole, setWhole] = useState(false);
  const short = shortened(text);
  const shown = whole ? text : short;
  return (
    <div className="message-text">
      {linkified(shown).map((part, index) =>
        typeof part === 'string' ? (
          part
        ) : (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ),
      )}
      {short !== text && (
        <button type="button" className="link-button more-text" onClick={() => setWhole(!whole)}>
          {whole ? words.timeline.showLess : words.timeline.showAll}
        </button>
      )}
    </div>
  );
});

function shortened(text: string): string {
  const lines = text.split('\n', MANY_LINES + 1);
  const some = lines.length > MANY_LINES ? lines.slice(0, MANY_LINES).join('\n') : text;
  const cut = some.length > LONG ? some.slice(0, LONG) : some;
  return cut.length < text.length ? `${cut}…` : text;
}
