import type { AccountId, Address, ChannelName, EntryId } from '@yixian/contracts';
import type { Database, Queryable, Statement } from '@yixian/database';
import type { Transcript, TranscriptLine } from '../channel.ts';

/** A line before it has its position. */
export interface NewLine extends Omit<TranscriptLine, 'position'> {
  account: AccountId;
  address: Address;
}

export interface AppendedLine extends NewLine {
  position: number;
  /** False when the line was there before. */
  added: boolean;
}

export interface Whose {
  account: AccountId;
  address: Address;
}

const append = {
  name: 'channel.transcript.append',
  text: 'select id, position, added from channel.append_transcript($1, $2::json, $3)',
};
const appendOne = {
  name: 'channel.transcript.append_one',
  text: 'select id, position, added from channel.append_line($1, $2::json, $3)',
};
const columns = `position, id, said_by as "from", author_name as "authorName", text, attachments, payload, at`;
const read = {
  name: 'channel.transcript.read',
  text: `select * from (
      select ${columns} from channel.transcript
      where channel = $1 and account = $2 and address = $3 and position > $4 and position < $5
      order by position desc limit $6
    ) newest order by position`,
};
const readAfter = {
  name: 'channel.transcript.readAfter',
  text: `select t.account, t.address, ${columns.replace(/^position/, 't.position')}
    from json_to_recordset($2) as w (account text, address text, after bigint)
    join channel.transcript t
      on t.channel = $1 and t.account = w.account and t.address = w.address and t.position > w.after
    order by t.account, t.address, t.position`,
};

export interface AppendedRow {
  id: string;
  position: number;
  added: boolean;
}

type Row = Omit<TranscriptLine, 'at'> & { at: Date };

/** What was said on each account with each customer, for channels whose customers read it back. */
export class TranscriptTable implements Transcript {
  constructor(
    private readonly channel: ChannelName,
    /** This process, so that it does not listen to its own news. */
    readonly me: string,
    private readonly database: Database,
  ) {}

  /** Gives each line its position, in the order given. Lines that are there keep theirs. */
  async append(on: Queryable, lines: NewLine[]): Promise<AppendedLine[]> {
    const { values, ...statement } = this.appending(lines);
    return appendedLines(lines, await on.query<AppendedRow>(statement, values));
  }

  /** The statement that does so. Its rows and the lines make {@link appendedLines}. */
  appending(lines: NewLine[]): Statement {
    const rows = lines.map(({ from, ...line }) => ({ ...line, saidBy: from }));
    const [statement, json] = rows.length === 1 ? [appendOne, rows[0]] : [append, rows];
    return { ...statement, values: [this.channel, JSON.stringify(json), this.me] };
  }

  async read(
    account: AccountId,
    address: Address,
    range: { after?: number; before?: number; limit: number },
  ): Promise<TranscriptLine[]> {
    const { after = 0, before = Number.MAX_SAFE_INTEGER, limit } = range;
    const rows = await this.database.query<Row>(read, [this.channel, account, address, after, before, limit]);
    return rows.map(toLine);
  }

  /** All lines behind the given positions, customer by customer, in order. */
  async readAfter(wanted: (Whose & { after: number })[]): Promise<(TranscriptLine & Whose)[]> {
    const rows = await this.database.query<Row & Whose>(readAfter, [this.channel, JSON.stringify(wanted)]);
    return rows.map((row) => ({ ...toLine(row), account: row.account, address: row.address }));
  }
}

export function appendedLines(lines: NewLine[], rows: AppendedRow[]): AppendedLine[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return lines.map((line) => ({ ...line, ...byId.get(line.id)!, id: line.id }));
}

function toLine({ position, id, from, authorName, text, attachments, payload, at }: Row): TranscriptLine {
  return { position, id: id as EntryId, from, authorName, text, attachments, payload, at: at.toISOString() };
}
