import type { ContactId } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type pg from 'pg';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { Timeline } from '../../../apps/conversation-hub/src/timeline/timeline.ts';

/** Gives the newest 50 entries of a contact as JSON text. */
export type ReadPage = (contact: string) => Promise<string>;

const PAGE = 50;

export function ourPages(database: Database): ReadPage {
  const timeline = new Timeline(database);
  return async (contact) => (await timeline.page(contact as ContactId, { limit: PAGE }))!.json;
}

/** As if an entry did not know its contact. */
export function naiveJoin(client: pg.Client): ReadPage {
  const text = `select e.* from hub.entry e join hub.conversation c on c.id = e.conversation_id
    where c.contact_id = $1 order by e.ordered_at desc, e.id desc limit ${PAGE}`;
  return async (contact) => {
    const { rows } = await client.query<object>({ name: 'naive', text, values: [contact] });
    return JSON.stringify(rows);
  };
}

export function selectOne(client: pg.Client): ReadPage {
  return async () => {
    const { rows } = await client.query<object>({ name: 'one', text: 'select 1' });
    return JSON.stringify(rows);
  };
}

@Entity('entry', { schema: 'hub', synchronize: false })
class PlainEntry {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'contact_id' }) contactId: string;
  @Column('uuid', { name: 'conversation_id' }) conversationId: string;
  @Column('bigint', { name: 'ordered_at' }) orderedAt: string;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt: Date;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;
  @Column() seq: number;
  @Column() version: number;
  @Column() kind: string;
  @Column() direction: string;
  @Column() channel: string;
  @Column() account: string;
  @Column('jsonb') author: unknown;
  @Column() text: string;
  @Column('jsonb') payload: unknown;
  @Column('jsonb') attachments: unknown;
}

/** TypeORM's own way over the same table and index. */
export async function ormFind(url: string): Promise<{ read: ReadPage; close: () => Promise<void> }> {
  const source = await new DataSource({ type: 'postgres', url, entities: [PlainEntry] }).initialize();
  const entries = source.getRepository(PlainEntry);
  const order = { orderedAt: 'DESC', id: 'DESC' } as const;
  return {
    read: async (contactId) =>
      JSON.stringify(await entries.find({ where: { contactId }, order, take: PAGE })),
    close: () => source.destroy(),
  };
}
