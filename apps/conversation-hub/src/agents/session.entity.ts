import type { AgentId } from '@yixian/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'hub', name: 'agent_session' })
export class SessionRow {
  /** SHA-256 of the cookie's value. */
  @PrimaryColumn({ type: 'text' })
  hash: string;

  @Column({ name: 'agent_id', type: 'uuid' })
  agentId: AgentId;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'seen_at', type: 'timestamptz' })
  seenAt: Date;
}
