import { z } from 'zod';
import { Account, AccountFace, Agent, ApiToken, AuditRecord, DeadLetter } from './desk-api.ts';

/** Whole lists and pages of what the desk's settings show. */

export const AccountList = z.object({ accounts: z.array(Account) });
export type AccountList = z.infer<typeof AccountList>;

export const AccountFaces = z.object({ faces: z.array(AccountFace) });
export type AccountFaces = z.infer<typeof AccountFaces>;

export const AgentList = z.object({ agents: z.array(Agent) });
export type AgentList = z.infer<typeof AgentList>;

export const ApiTokenList = z.object({ tokens: z.array(ApiToken) });
export type ApiTokenList = z.infer<typeof ApiTokenList>;

/** Newest first. `cursor`: `next` of the page before. */
export const AuditQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
  action: z.string().max(60).optional(),
  subject: z.string().max(320).optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditPage = z.object({ records: z.array(AuditRecord), next: z.string().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;

/** Newest first. `cursor`: `next` of the page before. */
export const DeadLetterQuery = AuditQuery.pick({ cursor: true, limit: true });
export type DeadLetterQuery = z.infer<typeof DeadLetterQuery>;

export const DeadLetterPage = z.object({ deadLetters: z.array(DeadLetter), next: z.string().nullable() });
export type DeadLetterPage = z.infer<typeof DeadLetterPage>;

/** `needed`: nobody can log in yet, since there is no agent. */
export const FirstRun = z.object({ needed: z.boolean() });
export type FirstRun = z.infer<typeof FirstRun>;
