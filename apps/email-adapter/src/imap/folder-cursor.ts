import type { ChannelStore } from '@yixian/channel';
import type { AccountId } from '@yixian/contracts';

/** How far a folder was read. UIDs mean something only together with the folder's UIDVALIDITY (RFC 9051 section 2.3.1.1). */
export interface FolderCursor {
  uidValidity: string;
  lastUid: number;
  /** When the folder was first read (milliseconds since 1970): what arrived before is history, and none of ours. */
  since: number;
  /** History lies below this UID; at and above it everything is new, however old its date. */
  historyBelow: number;
}

export interface FolderState {
  uidValidity: string;
  uidNext: number;
}

/** Where to begin in a folder that was never read, or whose UIDs were given anew. */
export function cursorFor(
  kept: FolderCursor | undefined,
  folder: FolderState,
  { wholeHistory, now }: { wholeHistory: boolean; now: number },
): FolderCursor {
  const { uidValidity, uidNext } = folder;
  if (!kept) {
    return wholeHistory
      ? { uidValidity, lastUid: 0, since: 0, historyBelow: 0 }
      : { uidValidity, lastUid: uidNext - 1, since: now, historyBelow: 0 };
  }
  // Everything is read again, and what was there already is known by its fingerprint.
  if (kept.uidValidity === uidValidity) return kept;
  return { uidValidity, lastUid: 0, since: kept.since, historyBelow: kept.since > 0 ? uidNext : 0 };
}

/** Keeps the cursors of an account's folders. */
export class FolderCursors {
  constructor(
    private readonly store: ChannelStore,
    private readonly account: AccountId,
  ) {}

  get(folder: string): Promise<FolderCursor | undefined> {
    return this.store.get<FolderCursor>(this.keyOf(folder));
  }

  save(folder: string, cursor: FolderCursor): Promise<void> {
    return this.store.put(this.keyOf(folder), cursor);
  }

  private keyOf(folder: string): string {
    return `imap-cursor:${this.account}:${folder}`;
  }
}
