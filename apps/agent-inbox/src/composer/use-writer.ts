import type { ConversationId } from '@yixian/contracts';
import { type RefCallback, useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import type { WriterHandle } from './writer.ts';

/** Something to do with the writer. */
type Wish = (writer: WriterHandle) => void;

interface ShownWriter {
  /** For the writer to be shown. */
  ref: RefCallback<WriterHandle>;
  /** Done at once where a writer is shown, else as soon as one is: that of mails is loaded when first needed. */
  ask: (wish: Wish) => void;
}

/**
 * The writer that is shown. What it is asked is never put off while it is there: an agent who presses R and writes on
 * would otherwise press shortcuts with the first letters. What was asked in one conversation is not done in another.
 */
export function useWriter(conversationId: ConversationId): ShownWriter {
  const shown = useRef<WriterHandle>(null);
  const wishes = useRef<Wish[]>([]);
  useLayoutEffect(
    () => () => {
      wishes.current = [];
    },
    [conversationId],
  );
  const ref = useCallback((writer: WriterHandle | null) => {
    shown.current = writer;
    if (writer) for (const wish of wishes.current.splice(0)) wish(writer);
  }, []);
  const ask = useCallback((wish: Wish) => {
    if (shown.current) wish(shown.current);
    else wishes.current.push(wish);
  }, []);
  return useMemo(() => ({ ref, ask }), [ref, ask]);
}
