import type { AgentId, Attachment, ConversationId, MailAddress } from '@yixian/contracts';
import { localStore } from '../ui/local-storage.ts';
import { Observable } from '../ui/observable.ts';

export type ComposerMode = 'reply' | 'note';

/** What a reply by mail has beside its text. */
export interface MailDraft {
  to: readonly MailAddress[];
  cc: readonly MailAddress[];
  bcc: readonly MailAddress[];
  subject: string;
  /** The text with its formatting, as the editor keeps it; absent while nothing was written. */
  document?: object;
  /** Whether what is answered goes along, quoted. */
  quotes: boolean;
}

/** What an agent has begun to write in a conversation. */
export interface Draft {
  mode: ComposerMode;
  /** Plain, also for a mail. */
  reply: string;
  note: string;
  attachments: readonly Attachment[];
  /** What of the mail was changed, or all of it. */
  mail?: Partial<MailDraft>;
  /** Grows when the draft is replaced from outside of the editor that shows it. */
  revision: number;
}

export const emptyDraft: Draft = { mode: 'reply', reply: '', note: '', attachments: [], revision: 0 };

/** Begun texts, per conversation, kept in this browser until they are sent. */
export class Drafts {
  readonly all = new Observable<ReadonlyMap<ConversationId, Draft>>(new Map());
  readonly #key: string;

  constructor(agentId: AgentId) {
    this.#key = `yixian:drafts:${agentId}`;
    this.#read();
    // Another tab of this browser wrote.
    addEventListener('storage', ({ key }) => key === this.#key && this.#read());
  }

  of(id: ConversationId): Draft {
    return this.all.get().get(id) ?? emptyDraft;
  }

  change(id: ConversationId, change: Partial<Draft>): void {
    const drafts = new Map(this.all.get());
    const draft = { ...this.of(id), ...change };
    if (isEmpty(draft) && draft.mode === 'reply' && draft.revision === 0) drafts.delete(id);
    else drafts.set(id, draft);
    this.all.set(drafts);
    localStore.write(this.#key, Object.fromEntries(drafts));
  }

  /** Takes a begun reply along into another conversation, unless one is begun there. */
  carry(from: ConversationId, to: ConversationId): void {
    const { reply, attachments, mode } = this.of(from);
    const there = this.of(to);
    if (mode !== 'reply' || there.reply || there.mail || there.attachments.length > 0) return;
    this.replace(to, { reply, attachments, mode });
    this.replace(from, { reply: '', attachments: [], mail: undefined });
  }

  /** Puts another reply in the place of the one begun, also before the eyes of an editor that shows it. */
  replace(id: ConversationId, reply: Partial<Draft>): void {
    this.change(id, { ...reply, revision: this.of(id).revision + 1 });
  }

  #read(): void {
    const kept = localStore.read<Record<ConversationId, Draft>>(this.#key) ?? {};
    const drafts = (Object.entries(kept) as [ConversationId, Draft][])
      .map(([id, draft]): [ConversationId, Draft] => [id, { ...emptyDraft, ...draft }])
      .filter(([, draft]) => !isEmpty(draft));
    this.all.set(new Map(drafts));
  }
}

const isEmpty = (draft: Draft): boolean =>
  !draft.reply && !draft.note && draft.attachments.length === 0 && !draft.mail;

/** The begun text that a list shows, if there is one. */
export function draftText(draft: Draft | undefined): string | undefined {
  return draft && (draft.reply.trim() || draft.note.trim() || undefined);
}
