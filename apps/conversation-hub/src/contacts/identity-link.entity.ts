import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One act of linking an identity to a contact, or of undoing that. Rows are only ever added, by hub.move_identity. */
@Entity('identity_link', { schema: 'hub' })
export class IdentityLinkRow {
  @PrimaryColumn({ type: 'bigint' })
  position: number;

  @Column({ type: 'uuid' })
  id: string;

  @Column({ name: 'identity_id', type: 'uuid' })
  identityId: string;

  @Column({ name: 'from_contact', type: 'uuid' })
  fromContact: string;

  @Column({ name: 'to_contact', type: 'uuid' })
  toContact: string;

  /** The link that an unlink takes back. */
  @Column({ type: 'uuid', nullable: true })
  undoes: string | null;

  @Column({ type: 'timestamptz' })
  at: Date;

  @Column({ type: 'text' })
  act: 'link' | 'unlink';

  @Column({ type: 'text' })
  by: string;

  @Column({ type: 'text' })
  evidence: string;
}
