import type { ChannelHost } from '@yixian/channel';
import type { Mark } from '@yixian/contracts';
import type { VisitorRecords } from './visitor-records.ts';
import type { Visitor } from './visitor.ts';

/** Lines reported at once; a browser that was away for longer has read the older ones long ago. */
const MOST = 200;

/**
 * Tells the hub what became of our messages at the visitor's browser, each step once. Positions beyond the end of
 * the transcript count as its end: what is not written yet cannot have been read.
 */
export async function markLines(
  { site, address }: Visitor,
  mark: Mark,
  { host, records }: { host: ChannelHost; records: VisitorRecords },
): Promise<void> {
  const before = await records.marks(site, address);
  const from = Math.min(before.delivered, before.read);
  const lines = await host.transcript.read(site, address, { after: from, limit: MOST });
  const last = lines.at(-1)?.position ?? from;
  const read = Math.min(last, Math.max(before.read, mark.read));
  const delivered = Math.min(last, Math.max(before.delivered, mark.delivered, read));
  if (read === before.read && delivered === before.delivered) return;
  for (const { id, from: author, position } of lines) {
    if (author === 'customer') continue;
    if (position > before.read && position <= read) await host.report({ messageId: id, state: 'read' });
    else if (position > before.delivered && position <= delivered) {
      await host.report({ messageId: id, state: 'delivered' });
    }
  }
  await records.saveMarks(site, address, { delivered, read });
}
