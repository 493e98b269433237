import { Inject, Injectable } from '@nestjs/common';
import type { Agent, AgentId, AgentRef, Clock, CreateAgent, PatchAgent } from '@yixian/contracts';
import { newId } from '@yixian/contracts';
import { asDatabaseError, DatabaseError } from '@yixian/database';
import type { Database, Transaction } from '@yixian/database';
import { CLOCK, DATABASE } from '@yixian/service';
import { Audit } from '../audit/audit.ts';
import type { Actor } from '../conversations/actor.ts';
import { AgentRow, toAgent } from './agent.entity.ts';
import { hashPassword, passwordFits } from './password.ts';
import { Sessions } from './sessions.ts';

/** `email_taken`: another agent has it. `last_admin`: nobody could change settings any more. */
export type AgentOutcome = Agent | undefined | { refused: 'email_taken' | 'last_admin' };

const UNIQUE_VIOLATION = '23505';

/** The people at the desk. They are never deleted, since what they wrote bears their name; they are disabled. */
@Injectable()
export class Agents {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  async list(): Promise<Agent[]> {
    return (await this.rows.find({ order: { name: 'ASC', id: 'ASC' } })).map(toAgent);
  }

  async none(): Promise<boolean> {
    return !(await this.rows.exists());
  }

  /** One who may be given work; `undefined` when there is none, or disabled. */
  async assignable(id: AgentId): Promise<AgentRef | undefined> {
    const row = await this.rows.findOneBy({ id, disabled: false });
    return row ? { id: row.id, name: row.name } : undefined;
  }

  async byEmail(email: string): Promise<Agent | undefined> {
    const row = await this.rows.findOneBy({ email: email.toLowerCase() });
    return row ? toAgent(row) : undefined;
  }

  /** The agent with these credentials. Takes as long when there is none. */
  async withPassword(email: string, password: string): Promise<Agent | undefined> {
    const row = await this.rows.findOneBy({ email: email.toLowerCase() });
    const fits = await passwordFits(password, row?.passwordHash);
    return row && fits && !row.disabled ? toAgent(row) : undefined;
  }

  async create(wanted: CreateAgent, by: Actor): Promise<AgentOutcome> {
    const passwordHash = await hashPassword(wanted.password);
    return this.unlessTaken(() =>
      this.database.transaction((tx) => this.insert(tx, { ...wanted, passwordHash }, by)),
    );
  }

  /** Creates the agent only if there is none at all; of several processes at once, one does. */
  async createFirst(wanted: CreateAgent, by: Actor): Promise<Agent | undefined> {
    const passwordHash = await hashPassword(wanted.password);
    return this.database.transaction(async (tx) => {
      await tx.query('lock table hub.agent in share row exclusive mode');
      if (await tx.manager.exists(AgentRow)) return undefined;
      return this.insert(tx, { ...wanted, passwordHash }, by);
    });
  }

  /** A new password or being disabled ends all sessions of the agent. */
  async patch(id: AgentId, { password, ...patch }: PatchAgent, by: Actor): Promise<AgentOutcome> {
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    return this.unlessTaken(() =>
      this.database.transaction(async (tx) => {
        // All rows, so that two admins cannot take each other's role away at the same moment.
        await tx.query(`select 1 from hub.agent where role = 'admin' or id = $1 order by id for update`, [
          id,
        ]);
        const row = await tx.manager.findOneBy(AgentRow, { id });
        if (!row) return undefined;
        const changed = changedBy(row, { ...patch, ...(passwordHash && { passwordHash }) });
        if (await this.leavesNoAdmin(tx, changed)) return { refused: 'last_admin' as const };
        await tx.manager.update(AgentRow, { id }, changed);
        if (passwordHash || changed.disabled) await this.sessions.endAllOf(id, tx);
        await this.audit.record(
          {
            by,
            action: 'agent.changed',
            subject: id,
            detail: { ...patch, ...(password && { password: 'set' }) },
          },
          tx,
        );
        return toAgent(changed);
      }),
    );
  }

  private async insert(
    tx: Transaction,
    { email, name, role, locale, passwordHash }: CreateAgent & { passwordHash: string },
    by: Actor,
  ): Promise<Agent> {
    const row: AgentRow = {
      id: newId<AgentId>(),
      email: email.toLowerCase(),
      name,
      role,
      locale,
      disabled: false,
      passwordHash,
      createdAt: new Date(this.clock.now()),
    };
    await tx.manager.insert(AgentRow, row);
    await this.audit.record(
      { by, action: 'agent.created', subject: row.id, detail: { email, name, role } },
      tx,
    );
    return toAgent(row);
  }

  private async leavesNoAdmin(tx: Transaction, changed: AgentRow): Promise<boolean> {
    if (changed.role === 'admin' && !changed.disabled) return false;
    const admins = await tx.manager.findBy(AgentRow, { role: 'admin', disabled: false });
    return admins.length > 0 && admins.every(({ id }) => id === changed.id);
  }

  private async unlessTaken(work: () => Promise<AgentOutcome>): Promise<AgentOutcome> {
    try {
      return await work();
    } catch (error) {
      const known = asDatabaseError(error);
      if (known instanceof DatabaseError && known.code === UNIQUE_VIOLATION)
        return { refused: 'email_taken' };
      throw error;
    }
  }

  private get rows() {
    return this.database.source.getRepository(AgentRow);
  }
}

function changedBy(row: AgentRow, patch: Partial<AgentRow>): AgentRow {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const changed = { ...row, ...given };
  return { ...changed, email: changed.email.toLowerCase() };
}
