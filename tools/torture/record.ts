import pg from 'pg';
import type { StoredConversation, StoredSide } from './checker.ts';
import { POST_ACCOUNT } from './post/post-channel.ts';
import { standingOf } from './standing.ts';
import { SITE } from './system.ts';
import { codeOf } from './words.ts';

interface EntryRow {
  conversationId: string;
  seq: number;
  version: number;
  text: string;
  orderedAt: string;
  state: StoredConversation['entries'][number]['delivery'];
}

const conversations = `
  select id, address, version, last_seq as "lastSeq" from hub.conversation
  where account = any($1) and address = any($2) order by created_at, id`;
const entries = `
  select e.conversation_id as "conversationId", e.seq, e.version, e.text, e.ordered_at as "orderedAt", d.state
  from hub.entry e left join hub.delivery d on d.entry_id = e.id
  where e.conversation_id = any($1) order by e.conversation_id, e.seq`;
const changes = `
  select conversation_id as "conversationId", version from hub.change where conversation_id = any($1)`;
const transcripts = `
  select address, position, text from channel.transcript
  where account = any($1) and address = any($2) order by address, position`;

const ACCOUNTS = [SITE, POST_ACCOUNT];

/** What the system has stored, read past all of its own code. */
export class Stored {
  private constructor(private readonly client: pg.Client) {}

  static async open(connectionString: string): Promise<Stored> {
    const client = new pg.Client({ connectionString });
    client.on('error', () => {});
    await client.connect();
    return new Stored(client);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** What is stored of the customers at these addresses. */
  async sidesOf(addresses: string[]): Promise<Map<string, StoredSide>> {
    const sides = new Map(
      addresses.map((address) => [address, { conversations: [], transcript: [] } as StoredSide]),
    );
    const found = new Map<string, StoredConversation>();
    for (const { address, ...row } of await this.rows<StoredConversation & { address: string }>(
      conversations,
      [ACCOUNTS, addresses],
    )) {
      const conversation = { ...row, entries: [], changes: [] };
      sides.get(address)!.conversations.push(conversation);
      found.set(row.id, conversation);
    }
    const ids = [...found.keys()];
    for (const row of await this.rows<EntryRow>(entries, [ids])) {
      const { conversationId, seq, version, text, orderedAt, state } = row;
      const entry = { seq, version, code: codeOf(text), orderedAt: Number(orderedAt), delivery: state };
      found.get(conversationId)!.entries.push(entry);
    }
    for (const row of await this.rows<{ conversationId: string; version: number }>(changes, [ids]))
      found.get(row.conversationId)!.changes.push(row.version);
    for (const row of await this.rows<{ address: string; position: string; text: string }>(transcripts, [
      ACCOUNTS,
      addresses,
    ]))
      sides.get(row.address)!.transcript.push({ position: Number(row.position), code: codeOf(row.text) });
    return sides;
  }

  /** How many conversations there are, whosever. */
  async conversationCount(): Promise<number> {
    return this.count('select count(*) from hub.conversation');
  }

  async entryCount(): Promise<number> {
    return this.count('select count(*) from hub.entry');
  }

  /** Whether no reply is on its way any more. */
  async isDelivered(): Promise<boolean> {
    return (await this.count(`select count(*) from hub.delivery where state in ('queued', 'sending')`)) === 0;
  }

  /** What was put aside as not to be understood or stored; nothing of ours should be. */
  async putAside(): Promise<string[]> {
    const rows = await this.rows<{ says: string }>(
      `select topic || '/' || partition || '@' || "offset" || ' ' || key || ': ' || error as says from bus.dead_letter
       union all select 'quarantine: ' || why from channel.quarantine limit 20`,
      [],
    );
    return rows.map(({ says }) => says);
  }

  /** See {@link standingOf}. */
  standing(options: { kafka: boolean }): Promise<object[]> {
    return standingOf((sql, values) => this.rows<object>(sql, values), options);
  }

  private async count(sql: string): Promise<number> {
    const [row] = await this.rows<{ count: string }>(sql, []);
    return Number(row!.count);
  }

  private async rows<Row>(sql: string, values: unknown[]): Promise<Row[]> {
    return (await this.client.query(sql, values)).rows as Row[];
  }
}
