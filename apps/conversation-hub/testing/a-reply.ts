import type { EntryId, WriteMessage } from '@yixian/contracts';
import { newId } from '@yixian/contracts';

/** What an agent writes; what is not given is filled in. */
export function aReply(fill: Partial<WriteMessage> = {}): WriteMessage {
  const id = newId<EntryId>();
  return {
    id,
    text: `answer ${id}`,
    attachments: [],
    seenSeq: 1_000_000,
    force: false,
    payload: {},
    ...fill,
  };
}
