import type { AgentId, Attachment, ContactId } from '@yixian/contracts';
import { localStore } from '../ui/local-storage.ts';
import { Observable } from '../ui/observable.ts';

export type ComposerMode = 'reply' | 'note';

/** What an agent has begun to write to a contact. */
export interface Draft {
  mode: ComposerMode;
  reply: string;
  note: string;
  attachments: readonly Attachment[];
}

export const emptyDraft: Draft = { mode: 'reply', reply: '', note: '', attachments: [] };

/** Begun texts, per contact, kept in this browser until they are sent. */
export class Drafts {
  readonly all = new Observable<ReadonlyMap<ContactId, Draft>>(new Map());
  readonly #key: string;

  constructor(agentId: AgentId) {
    this.#key = `yixian:drafts:${agentId}`;
    this.#read();
    // Another tab of this browser wrote.
    addEventListener('storage', ({ key }) => key === this.#key && this.#read());
  }

  of(contactId: ContactId): Draft {
    return this.all.get().get(contactId) ?? emptyDraft;
  }

  change(contactId: ContactId, change: Partial<Draft>): void {
    const drafts = new Map(this.all.get());
    const draft = { ...this.of(contactId), ...change };
    if (isEmpty(draft) && draft.mode === 'reply') drafts.delete(contactId);
    else drafts.set(contactId, draft);
    this.all.set(drafts);
    localStore.write(this.#key, Object.fromEntries(drafts));
  }

  #read(): void {
    const kept = localStore.read<Record<ContactId, Draft>>(this.#key) ?? {};
    this.all.set(new Map(Object.entries(kept) as [ContactId, Draft][]));
  }
}

const isEmpty = (draft: Draft): boolean => !draft.reply && !draft.note && draft.attachments.length === 0;

/** The begun text that a list shows, if there is one. */
export function draftText(draft: Draft | undefined): string | undefined {
  return draft && (draft.reply.trim() || draft.note.trim() || undefined);
}
