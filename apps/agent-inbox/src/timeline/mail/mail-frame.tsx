import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useWords } from '../../words/words.tsx';
import { useIsDark } from '../../preferences/theme.ts';
import { hasOwnColours } from './is-formatted.ts';
import { type DocumentWish, mailDocument } from './mail-document.ts';
import frameUrl from './mail-frame.html?url';

/** Taller mails are shown in part first, in pixels. */
const TALL = 560;

/** How high mails were when last seen, so that a timeline does not jump when one comes into sight again. */
const heights = new Map<string, number>();
const MANY = 400;

interface MailFrameProps extends Omit<DocumentWish, 'quoteLabel'> {
  /** Whose height is remembered. */
  id: string;
  /** Told how many images were left out, and which parts are in the text. */
  onShown: (shown: { blocked: number; parts: ReadonlySet<string> }) => void;
}

/**
 * A stranger's HTML, in a frame of its own in which nothing runs: `sandbox` without scripts, a policy of its own, and
 * HTML that was sanitised twice. The frame is of our origin only so that its height can be taken.
 */
export function MailFrame({ id, html, quoted, part, remote, onShown }: MailFrameProps): ReactNode {
  const words = useWords();
  const dark = useIsDark();
  const frame = useRef<HTMLIFrameElement>(null);
  const [loads, setLoads] = useState(0);
  const filled = useRef<readonly unknown[]>([]);
  const [height, setHeight] = useState(heights.get(id) ?? 0);
  const [whole, setWhole] = useState(false);
  const tell = useEffectEvent(onShown);
  const isRemote = remote !== undefined;

  const fill = useEffectEvent((into: Document) => {
    // Effects run again each time a timeline is shown that was only hidden: what stands there still does.
    const wanted = [into, html, quoted, isRemote, dark];
    if (wanted.every((one, index) => one === filled.current[index])) return;
    filled.current = wanted;
    const quoteLabel = words.mail.showQuoted;
    const made = mailDocument(into.defaultView!, { html, quoted, quoteLabel, part, remote });
    const paper = hasOwnColours(html);
    into.documentElement.toggleAttribute('data-dark', dark && !paper);
    into.documentElement.toggleAttribute('data-paper', dark && paper);
    into.body.replaceChildren(into.importNode(made.content, true));
    tell({ blocked: made.blocked, parts: made.shown });
  });
  useEffect(() => {
    const into = frame.current?.contentDocument;
    if (loads === 0 || !into?.body) return;
    fill(into);
    const measure = () => {
      const now = Math.ceil(into.body.getBoundingClientRect().height);
      if (now > 0) remember(id, now);
      setHeight((before) => now || before);
    };
    const watcher = new ResizeObserver(measure);
    watcher.observe(into.body);
    const passOn = (event: KeyboardEvent) => passKey(event, frame.current);
    into.addEventListener('keydown', passOn);
    return () => {
      watcher.disconnect();
      into.removeEventListener('keydown', passOn);
    };
  }, [loads, html, quoted, isRemote, dark, id]);

  const tall = height > TALL * 1.2;
  return (
    <div className="mail-frame" data-cut={tall && !whole ? '' : undefined}>
      <iframe
        ref={frame}
        src={frameUrl}
        title={words.mail.content}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        loading="eager"
        style={{ height: tall && !whole ? TALL : Math.max(24, height) }}
        onLoad={() => setLoads((before) => before + 1)}
      />
      {tall && (
        <button type="button" className="link-button mail-more" onClick={() => setWhole(!whole)}>
          {whole ? words.timeline.showLess : words.mail.showWhole}
        </button>
      )}
    </div>
  );
}

function remember(id: string, height: number): void {
  heights.delete(id);
  heights.set(id, height);
  if (heights.size > MANY) heights.delete(heights.keys().next().value!);
}

/** The desk's shortcuts work while the focus is in a mail. */
function passKey(event: KeyboardEvent, frame: HTMLIFrameElement | null): void {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  const copy = new KeyboardEvent('keydown', {
    key,
    ctrlKey,
    metaKey,
    shiftKey,
    altKey,
    bubbles: true,
    cancelable: true,
  });
  if (frame && !frame.dispatchEvent(copy)) event.preventDefault();
}
