import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A proved claim that fits another contact as well, kept for a person to decide. Resolved by a link. */
@Entity('identity_conflict', { schema: 'hub' })
export class IdentityConflictRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'identity_id', type: 'uuid' })
  identityId: string;

  @Column({ name: 'other_contact_id', type: 'uuid' })
  otherContactId: string;

  @Column({ type: 'timestamptz' })
  at: Date;

  @Column({ name: 'resolved_at', type: 'timestamptz', nullable: true })
  resolvedAt: Date | null;

  @Column({ type: 'text' })
  claim: string;
}
