import type { SchemaPart } from '@yixian/database';
import { AccountRow } from './accounts/account.entity.ts';
import { Accounts1795305702000 } from './accounts/migrations/1795305702000-accounts.ts';
import { AgentRow } from './agents/agent.entity.ts';
import { ApiTokenRow } from './agents/api-token.entity.ts';
import { Agents1795305700000 } from './agents/migrations/1795305700000-agents.ts';
import { SessionRow } from './agents/session.entity.ts';
import { AuditRow } from './audit/audit.entity.ts';
import { Audit1795305701000 } from './audit/migrations/1795305701000-audit.ts';

/** What the desk brings to the database: schema `hub`, beside the record. */
export const deskSchema = {
  entities: [AgentRow, SessionRow, ApiTokenRow, AccountRow, AuditRow] as Function[],
  migrations: [Agents1795305700000, Audit1795305701000, Accounts1795305702000] as Function[],
} satisfies SchemaPart;
