import type { Attachment, Conversation, EntryId, Payload } from '@yixian/contracts';
import { useEffect, useEffectEvent, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { newId } from '../ui/new-id.ts';
import { useObservable } from '../ui/observable.ts';
import { type Draft, emptyDraft } from './drafts.ts';
import { type Upload, useUploads } from './use-uploads.ts';

/** The most files of one message. */
const MAX_FILES = 20;

/** What a writer hands over to be sent. */
export interface Written {
  text: string;
  attachments: readonly Attachment[];
  payload?: Payload;
  /** To be taken back. */
  draft?: Partial<Draft>;
  /** Whether what is begun stays: this was made beside it. */
  keepsDraft?: boolean;
  /** Milliseconds before it goes. */
  holdFor?: number;
}

/** What all ways of writing to a customer, or a note, have in common: the draft, its files, and sending. */
export interface Writing {
  draft: Draft;
  change: (change: Partial<Draft>) => void;
  attachments: readonly Attachment[];
  uploads: readonly Upload[];
  addFiles: (chosen: Iterable<File>) => void;
  removeFile: (gone: Attachment) => void;
  removeUpload: (id: number) => void;
  retryUpload: (id: number) => void;
  /** Whether there is anything to send beside text. */
  hasFiles: boolean;
  /** Sent already by the agent, before its files were up. */
  awaited: boolean;
  /** Tells the customer that an answer is being written. */
  typing: () => void;
  /** Sends what `written` answers, as soon as all files are up; answers whether it is gone. */
  send: (written: () => Written) => void;
}

export function useWriting(conversation: Conversation, seenSeq: number): Writing {
  const { drafts, outbox, sync, agent } = useDesk();
  const { id, contactId } = conversation;
  const draft = useObservable(drafts.all, (all) => all.get(id)) ?? emptyDraft;
  const change = (changes: Partial<Draft>) => drafts.change(id, changes);
  const { uploads, ...files } = useUploads((attachment) =>
    change({ attachments: [...drafts.of(id).attachments, attachment] }),
  );
  const [waiting, setWaiting] = useState<() => Written>();
  const isNote = draft.mode === 'note';
  const attachments = isNote ? [] : draft.attachments;
  const coming = isNote ? 0 : uploads.length;

  const sendNow = (written: () => Written) => {
    const { holdFor, keepsDraft, ...item } = written();
    // All that has come up meanwhile goes with it.
    if (!isNote && !keepsDraft) item.attachments = drafts.of(id).attachments;
    const kind = isNote ? 'note' : 'message';
    outbox.add(
      { id: newId<EntryId>(), agentId: agent.id, kind, contactId, conversationId: id, ...item, seenSeq },
      holdFor,
    );
    if (keepsDraft) return;
    if (isNote) drafts.change(id, { note: '' });
    else if (item.draft) drafts.replace(id, { reply: '', attachments: [], mail: undefined });
    else drafts.change(id, { reply: '', attachments: [] });
  };
  const sendWaiting = useEffectEvent(() => {
    if (waiting && uploads.length === 0) sendNow(waiting);
  });
  useEffect(() => {
    if (!waiting || coming > 0) return;
    sendWaiting();
    setWaiting(undefined);
  }, [waiting, coming]);

  return {
    draft,
    attachments,
    uploads,
    hasFiles: attachments.length + coming > 0,
    awaited: waiting !== undefined,
    change: (changes) => {
      setWaiting(undefined);
      change(changes);
    },
    typing: () => sync.typing(id),
    addFiles: (chosen) => {
      const room = MAX_FILES - draft.attachments.length - uploads.length;
      if (isNote) change({ mode: 'reply' });
      files.add([...chosen].slice(0, room));
    },
    removeFile: (gone) => change({ attachments: draft.attachments.filter((one) => one !== gone) }),
    removeUpload: files.remove,
    retryUpload: files.retry,
    send: (written) => (coming > 0 && !written().keepsDraft ? setWaiting(() => written) : sendNow(written)),
  };
}
