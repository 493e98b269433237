import type { NewLine } from '../transcript/transcript-table.ts';
import type { Ended } from './ledger.ts';

/** The transcript's lines of the messages among `ended` that went out. */
export function linesOf(ended: Ended[]): NewLine[] {
  return ended.flatMap(({ command: { data }, outcome }) => {
    if (data.kind !== 'message.send' || outcome.kind !== 'done') return [];
    if (['failed', 'bounced', 'unknown'].includes(outcome.state)) return [];
    const { id, account, address, author, text, attachments, payload, createdAt } = data;
    const authorName = author.name ?? null;
    return [
      { id, account, address, from: author.kind, authorName, text, attachments, payload, at: createdAt },
    ];
  });
}
