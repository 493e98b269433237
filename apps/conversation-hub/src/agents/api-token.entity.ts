import type { AgentId, ApiToken, Role } from '@yixian/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'hub', name: 'api_token' })
export class ApiTokenRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** SHA-256 of the token. */
  @Column({ type: 'text' })
  hash: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  role: Role;

  @Column({ name: 'created_by', type: 'jsonb', nullable: true })
  createdBy: { id: AgentId; name: string } | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt: Date | null;
}

export function toApiToken(row: ApiTokenRow): ApiToken {
  const { id, name, role, createdBy, createdAt, lastUsedAt, expiresAt } = row;
  return {
    id,
    name,
    role,
    createdBy,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}
