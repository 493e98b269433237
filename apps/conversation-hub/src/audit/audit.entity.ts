import type { AuditRecord, Payload } from '@yixian/contracts';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity({ schema: 'hub', name: 'audit' })
export class AuditRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: number;

  @Column({ type: 'timestamptz' })
  at: Date;

  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'text' })
  action: string;

  @Column({ type: 'text' })
  subject: string;

  @Column({ type: 'jsonb' })
  detail: Payload;
}

export function toAuditRecord(row: AuditRow): AuditRecord {
  return { ...row, id: String(row.id), at: row.at.toISOString() };
}
