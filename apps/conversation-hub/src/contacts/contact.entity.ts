import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an agent may write of a contact. The rest of the row is derived by hub.refresh_contact. */
@Entity('contact', { schema: 'hub' })
export class ContactRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** The name an agent gave; null: the name is the channels'. */
  @Column({ name: 'given_name', type: 'text', nullable: true })
  givenName: string | null;

  @Column({ name: 'given_attributes', type: 'jsonb' })
  givenAttributes: Record<string, unknown>;
}
