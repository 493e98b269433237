import type { Account, AccountId, ChannelName, Payload } from '@yixian/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'hub', name: 'account' })
export class AccountRow {
  @PrimaryColumn({ type: 'text' })
  id: AccountId;

  @Column({ type: 'text' })
  channel: ChannelName;

  @Column({ type: 'text' })
  name: string;

  /** With secrets sealed. */
  @Column({ type: 'jsonb' })
  settings: Payload;

  @Column({ type: 'boolean' })
  enabled: boolean;

  /** Grows by one with every change. */
  @Column({ type: 'int' })
  version: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** A removed account keeps its id, since conversations name it. */
  @Column({ name: 'removed_at', type: 'timestamptz', nullable: true })
  removedAt: Date | null;
}

/** As the desk sees it; `settings` must be masked. */
export function toAccount(row: AccountRow, settings: Payload): Account {
  const { id, channel, name, enabled, version, createdAt } = row;
  return { id, channel, name, settings, enabled, version, createdAt: createdAt.toISOString() };
}
