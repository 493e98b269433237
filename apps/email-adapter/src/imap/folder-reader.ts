import type { ImapFlow } from 'imapflow';
import type { Mailbox } from '../mailbox.ts';
import type { Taken } from '../receiving/arrival.ts';
import type { FolderCursor } from './folder-cursor.ts';

/** Mails fetched together: at most so many, and so many bytes. */
const MOST = 50;
const MOST_BYTES = 8 * 1024 * 1024;
/** What is kept of a mail that is too large. In bytes. */
const HEAD = 64 * 1024;

/** Between our clock and that of the server: rather some history twice than a mail lost. */
const SKEW_MS = 24 * 60 * 60 * 1000;

interface Listed {
  uid: number;
  size: number;
}

/** The mails could not be made durable; they must be read again. */
class NotDurable extends Error {
  readonly code = 'not_durable';
}

/** Reads what is new in the folder that a connection has open. */
export class FolderReader {
  constructor(
    private readonly client: ImapFlow,
    private readonly imap: Mailbox['imap'],
    private readonly means: {
      take(raw: Buffer): Promise<Taken>;
      setAside(head: Buffer, why: string): Promise<void>;
      largest: number;
    },
  ) {}

  /** Takes every mail after the cursor in order, and says how far it has come each time that is durable. */
  async read(from: FolderCursor, advance: (cursor: FolderCursor) => Promise<void>): Promise<void> {
    for (const together of batchesOf(await this.list(from))) {
      const outcomes = await this.takeAll(together);
      await this.move(outcomes);
      const done = outcomes.filter(({ taken }) => taken !== 'again').map(({ uid }) => uid);
      if (done.length > 0) await advance({ ...from, lastUid: Math.max(...done) });
      if (done.length < outcomes.length) throw new NotDurable('Mails could not be made durable.');
    }
  }

  private async list({ lastUid, since, historyBelow }: FolderCursor): Promise<Listed[]> {
    if (this.client.mailbox && this.client.mailbox.exists === 0) return [];
    const wanted = { uid: true, size: true, internalDate: true };
    const found = await this.client.fetchAll(`${lastUid + 1}:*`, wanted, { uid: true });
    return (
      found
        // `n:*` gives the last mail even when its UID is below n (RFC 9051 section 9, seq-range).
        .filter(({ uid }) => uid > lastUid)
        .filter(({ uid, internalDate }) => uid >= historyBelow || timeOf(internalDate) >= since - SKEW_MS)
        .map(({ uid, size = 0 }) => ({ uid, size }))
        .sort((a, b) => a.uid - b.uid)
    );
  }

  private async takeAll(together: Listed[]): Promise<{ uid: number; taken: Taken }[]> {
    const outcomes: { uid: number; taken: Taken }[] = [];
    const small = together.filter(({ size }) => size <= this.means.largest);
    const raws = await this.fetch(small.map(({ uid }) => uid));
    for (const { uid, size } of together) {
      const raw = raws.get(uid);
      const taken = size > this.means.largest ? await this.tooLarge(uid, size) : await this.takeOne(raw);
      outcomes.push({ uid, taken });
      // What comes after it waits: order per customer.
      if (taken === 'again') break;
    }
    return outcomes;
  }

  /** A mail that somebody else has removed meanwhile is none any more. */
  private async takeOne(raw: Buffer | undefined): Promise<Taken> {
    return raw ? this.means.take(raw) : 'taken';
  }

  private async fetch(uids: number[]): Promise<Map<number, Buffer>> {
    if (uids.length === 0) return new Map();
    const found = await this.client.fetchAll(uids.join(','), { uid: true, source: true }, { uid: true });
    return new Map(found.flatMap(({ uid, source }) => (source ? [[uid, source]] : [])));
  }

  private async tooLarge(uid: number, size: number): Promise<Taken> {
    const source = { start: 0, maxLength: HEAD };
    const found = await this.client.fetchOne(String(uid), { source }, { uid: true });
    const head = found ? found.source : undefined;
    const why = `A mail of ${size} bytes is larger than the limit. It is still in its mailbox; this is its beginning.`;
    await this.means.setAside(head ?? Buffer.alloc(0), why);
    return 'aside';
  }

  private async move(outcomes: { uid: number; taken: Taken }[]): Promise<void> {
    const { processed, failed } = this.imap;
    const uidsOf = (wanted: Taken) => outcomes.filter(({ taken }) => taken === wanted).map(({ uid }) => uid);
    const moves = [
      { uids: uidsOf('taken'), to: processed },
      { uids: uidsOf('aside'), to: failed },
    ];
    for (const { uids, to } of moves) {
      if (to && uids.length > 0) await this.client.messageMove(uids.join(','), to, { uid: true });
    }
  }
}

function* batchesOf(listed: Listed[]): Generator<Listed[]> {
  let batch: Listed[] = [];
  let bytes = 0;
  for (const one of listed) {
    if (batch.length >= MOST || (batch.length > 0 && bytes + one.size > MOST_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(one);
    bytes += one.size;
  }
  if (batch.length > 0) yield batch;
}

const timeOf = (date: Date | string | undefined): number =>
  date === undefined ? Number.POSITIVE_INFINITY : new Date(date).getTime();
