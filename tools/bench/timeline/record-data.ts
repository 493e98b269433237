import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { copyIn } from './copy-in.ts';

/** Entries of one contact, half of them in each of two conversations on two channels. */
const PER_CONTACT = 500;
const BEGIN = Date.UTC(2025, 0, 1);
const text = '请问这款茶还有货吗？ I would like two of the small tins, if there are any left. '.repeat(4);

/**
 * Fills the record with so many entries by COPY, in the order of time: those of one contact lie far apart, as in life.
 * The indexes are made after the rows. Gives the contacts' ids.
 */
export async function fillRecord(client: pg.Client, entries: number): Promise<string[]> {
  const contacts = Array.from({ length: Math.ceil(entries / PER_CONTACT) }, (_, n) => idOf(`contact ${n}`));
  const indexes = await dropIndexes(client);
  await copyIn(
    client,
    'copy hub.contact (id, created_at, name, search) from stdin',
    contacts.map(contactLine),
  );
  const conversation = `copy hub.conversation (id, identity_id, contact_id, created_at, last_at, version, last_seq,
    channel, account, address) from stdin`;
  await copyIn(client, conversation, conversationLines(contacts));
  const entry = `copy hub.entry (conversation_id, id, contact_id, ordered_at, occurred_at, recorded_at, seq, version,
    kind, direction, channel, account, native_id, author, text, payload, attachments) from stdin`;
  await copyIn(client, entry, entryLines(contacts, entries));
  for (const index of indexes) await client.query(index);
  await client.query('vacuum (analyze) hub.entry, hub.conversation, hub.contact');
  return contacts;
}

/** Those that no constraint needs. Gives what makes them again. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; made: string }>(`
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
    where i.indrelid = 'hub.entry'::regclass and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`);
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ made }) => made);
}

function idOf(name: string): string {
  const hex = createHash('md5').update(name).digest('hex');
  return uuid(hex);
}

const uuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;

const at = (ms: number): string => new Date(ms).toISOString();

const contactLine = (id: string, n: number): string =>
  [id, at(BEGIN), `客户 ${n}`, `customer ${n}`].join('\t');

const conversationId = (contact: string, which: number): string => idOf(`${contact} ${which}`);

function* conversationLines(contacts: string[]): Iterable<string> {
  for (const contact of contacts) {
    for (const which of [0, 1]) {
      const id = conversationId(contact, which);
      const head = [
        id,
        idOf(`identity ${id}`),
        contact,
        at(BEGIN),
        BEGIN * 1000,
        PER_CONTACT / 2,
        PER_CONTACT / 2,
      ];
      yield [...head, ['chat', 'email'][which], 'bench', contact].join('\t');
    }
  }
}

function* entryLines(contacts: string[], entries: number): Iterable<string> {
  const conversations = contacts.map((contact) => [conversationId(contact, 0), conversationId(contact, 1)]);
  for (let n = 0; n < entries; n++) {
    const who = n % contacts.length;
    const nth = Math.floor(n / contacts.length);
    const seq = (nth >> 1) + 1;
    const time = at(BEGIN + n * 31);
    const place = [conversations[who]![nth % 2], uuid(randomBytes(16).toString('hex')), contacts[who]];
    const when = [(BEGIN + n * 31) * 1000, time, time, seq, seq];
    const what = [
      'message',
      'in',
      ['chat', 'email'][nth % 2],
      'bench',
      `n${n}`,
      '{"kind":"customer","name":"王小明"}',
    ];
    yield [...place, ...when, ...what, `${n} ${text}`, '{}', '[]'].join('\t');
  }
}
