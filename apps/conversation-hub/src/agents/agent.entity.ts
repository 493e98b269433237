import type { Agent, AgentId, Role } from '@yixian/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'hub', name: 'agent' })
export class AgentRow {
  @PrimaryColumn({ type: 'uuid' })
  id: AgentId;

  /** In lower case; unique. */
  @Column({ type: 'text' })
  email: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  role: Role;

  @Column({ type: 'text' })
  locale: Agent['locale'];

  @Column({ type: 'boolean' })
  disabled: boolean;

  /** See `password.ts`. */
  @Column({ name: 'password_hash', type: 'text' })
  passwordHash: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}

export function toAgent(row: AgentRow): Agent {
  const { id, email, name, role, locale, disabled, createdAt } = row;
  return { id, email, name, role, locale, disabled, createdAt: createdAt.toISOString() };
}
