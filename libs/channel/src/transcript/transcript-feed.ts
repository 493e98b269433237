import type { ChannelName } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import type { KeepsTranscript, TranscriptLine } from '../channel.ts';
import type { AppendedLine, TranscriptTable, Whose } from './transcript-table.ts';

/** Customers whose newest told position is remembered. One that was forgotten is told on from the next line. */
const REMEMBERED = 20_000;
/** Customers asked for in one statement. */
const AT_ONCE = 500;

interface Told {
  whose: Whose;
  position: number;
  /** What is being told now: the next waits for it. */
  tail: Promise<void>;
}

interface News extends Whose {
  by: string;
  channel: ChannelName;
  first: number;
  last: number;
}

/**
 * Tells the channel of new lines, in every process, in order, each once per process.
 *
 * Lines of this process are told from memory after their commit. Others hear by NOTIFY, which is part of the very
 * transaction that stored the lines: a process that dies after its commit has still told. The bus could not do that,
 * since a line of an agent exists only once its send is over. NOTIFY makes notifying commits wait for each other, which
 * costs little here: a process has at most two of them at a time, each for a whole batch.
 */
export class TranscriptFeed {
  private readonly told = new Map<string, Told>();
  private stopListening: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly channel: KeepsTranscript,
    private readonly name: ChannelName,
    private readonly table: TranscriptTable,
    private readonly means: { database: Database; log: Logger },
  ) {}

  async start(): Promise<void> {
    this.stopListening = await this.means.database.listen('channel_transcript', (payload) =>
      this.hear(payload),
    );
    // Customers may have come since the channel was started, and read.
    await this.catchUp();
  }

  async stop(): Promise<void> {
    await this.stopListening();
    await Promise.all([...this.told.values()].map(({ tail }) => tail));
  }

  /** Lines that this process has just committed. */
  appended(lines: AppendedLine[]): void {
    for (const group of byCustomer(lines.filter(({ added }) => added)).values()) {
      const ordered = group.map(toTranscriptLine).sort((a, b) => a.position - b.position);
      this.enqueue(group[0]!, ordered[0]!.position, () => Promise.resolve(ordered));
    }
  }

  /** The customer has read up to here: what comes next is told from there on. */
  hasRead(whose: Whose, lines: TranscriptLine[]): void {
    const last = lines.at(-1)?.position ?? 0;
    if (!this.told.has(keyOf(whose))) this.remember(whose, last);
  }

  private hear(payload: string): void {
    if (payload === '') return void this.catchUp().catch((error: unknown) => this.warn(error));
    const news = JSON.parse(payload) as News;
    if (news.channel !== this.name || news.by === this.table.me) return;
    const { first, last } = news;
    this.enqueue(news, first, () =>
      this.table.read(news.account, news.address, {
        after: first - 1,
        before: last + 1,
        limit: last - first + 1,
      }),
    );
  }

  /** The connection was gone for a while: for whoever is remembered, look what was missed. */
  private async catchUp(): Promise<void> {
    const remembered = [...this.told.values()];
    while (remembered.length > 0) {
      const wanted = remembered
        .splice(0, AT_ONCE)
        .map(({ whose, position }) => ({ ...whose, after: position }));
      const missed = byCustomer(await this.table.readAfter(wanted));
      for (const lines of missed.values()) {
        const told = lines.map(toTranscriptLine);
        this.enqueue(lines[0]!, told[0]!.position, () => Promise.resolve(told));
      }
    }
  }

  private enqueue(whose: Whose, first: number, load: () => Promise<TranscriptLine[]>): void {
    const told = this.told.get(keyOf(whose)) ?? this.remember(whose, first - 1);
    told.tail = told.tail
      .then(async () => {
        // A hole: another process's lines whose news comes later, or not at all. They are committed, so read them.
        this.tell(told, first > told.position + 1 ? await this.after(told) : await load());
      })
      .catch((error: unknown) => this.warn(error));
  }

  private after({ whose, position }: Told): Promise<TranscriptLine[]> {
    return this.table.readAfter([{ ...whose, after: position }]);
  }

  private tell(told: Told, lines: TranscriptLine[]): void {
    const fresh = lines.filter(({ position }) => position > told.position);
    if (fresh.length === 0) return;
    told.position = fresh.at(-1)!.position;
    this.channel.onTranscript(told.whose.account, told.whose.address, fresh);
  }

  private warn(error: unknown): void {
    this.means.log.warn({ err: error }, 'New lines of a transcript could not be told.');
  }

  private remember(whose: Whose, position: number): Told {
    const told = {
      whose: { account: whose.account, address: whose.address },
      position,
      tail: Promise.resolve(),
    };
    this.told.set(keyOf(whose), told);
    if (this.told.size > REMEMBERED) this.told.delete(this.told.keys().next().value!);
    return told;
  }
}

const keyOf = ({ account, address }: Whose): string => `${account}:${address}`;

function byCustomer<Line extends Whose>(lines: Line[]): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const group = groups.get(keyOf(line));
    if (group) group.push(line);
    else groups.set(keyOf(line), [line]);
  }
  return groups;
}

/** The line alone, as the channel gets it. */
function toTranscriptLine({
  position,
  id,
  from,
  authorName,
  text,
  attachments,
  payload,
  at,
}: TranscriptLine): TranscriptLine {
  return { position, id, from, authorName, text, attachments, payload, at };
}
