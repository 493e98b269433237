import type { Conversation, ConversationId } from '@yixian/contracts';
import { systemClock } from '@yixian/contracts/clock';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { type FrozenList, freeze } from './frozen-order.ts';

/** The order stays this long after J or K, in milliseconds. */
const KEYS_HOLD = 4000;

/** A list that does not move under the pointer, nor while somebody walks through it by keys. */
export interface CalmList extends FrozenList<Conversation> {
  hold: () => void;
  /** Holds for a while: after J or K. */
  holdBriefly: () => void;
  release: () => void;
  /** Lets in what waits and keeps holding. */
  refresh: () => void;
}

export function useCalmList(live: readonly Conversation[], resetKey: string): CalmList {
  const { store } = useDesk();
  const [frozen, setFrozen] = useState<{ key: string; ids: readonly string[] }>();
  const newest = useRef(live);
  const cancel = useRef(() => {});
  useEffect(() => {
    newest.current = live;
  });
  useEffect(() => () => cancel.current(), []);

  const list = useMemo(() => {
    if (frozen?.key !== resetKey) return { shown: live, waiting: 0 };
    const find = (id: string) => store.get().rows.get(id as ConversationId)?.conversation;
    return freeze(live, frozen.ids, find);
  }, [live, frozen, resetKey, store]);

  const refresh = () => setFrozen({ key: resetKey, ids: newest.current.map((row) => row.id) });
  const hold = () => {
    cancel.current();
    setFrozen((now) =>
      now?.key === resetKey ? now : { key: resetKey, ids: newest.current.map((row) => row.id) },
    );
  };
  const release = () => {
    cancel.current();
    setFrozen(undefined);
  };
  const holdBriefly = () => {
    hold();
    cancel.current = systemClock.after(KEYS_HOLD, () => setFrozen(undefined));
  };
  return { ...list, hold, holdBriefly, release, refresh };
}
