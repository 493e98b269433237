import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { AgentId, Clock } from '@yixian/contracts';
import type { Database, Transaction } from '@yixian/database';
import { CLOCK, DATABASE } from '@yixian/service';
import { In, LessThan } from 'typeorm';
import type { Caller } from '../desk/http/caller.ts';
import { AgentRow, toAgent } from './agent.entity.ts';
import { newSecret, secretHash } from './secret-token.ts';
import { SessionRow } from './session.entity.ts';

const HOUR = 60 * 60 * 1000;
/** A session ends this long after it was last used, and in any case a week after the login. */
const IDLE_MS = 24 * HOUR;
export const SESSION_MS = 7 * 24 * HOUR;
/** How often at most "last used" is written down. */
const SEEN_EVERY_MS = 60_000;

/** Agents' logins. The browser holds the secret; the database holds only its hash. */
@Injectable()
export class Sessions {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Begins a session and gives its secret, for the cookie. */
  async begin(agentId: AgentId): Promise<string> {
    const now = new Date(this.clock.now());
    const secret = newSecret();
    await this.sessions.delete([
      { seenAt: LessThan(new Date(+now - IDLE_MS)) },
      { createdAt: LessThan(new Date(+now - SESSION_MS)) },
    ]);
    await this.sessions.insert({ hash: secretHash(secret), agentId, createdAt: now, seenAt: now });
    return secret;
  }

  /** Who holds this secret; `undefined` when the session ended or the agent may not work any more. */
  async find(secret: string): Promise<Caller | undefined> {
    const session = await this.sessions.findOneBy({ hash: secretHash(secret) });
    if (!session || !this.isAlive(session)) return undefined;
    const row = await this.database.source.getRepository(AgentRow).findOneBy({ id: session.agentId });
    if (!row || row.disabled) return undefined;
    await this.see(session);
    const agent = toAgent(row);
    return {
      kind: 'agent',
      id: agent.id,
      name: agent.name,
      role: agent.role,
      via: 'session',
      agent,
      session: session.hash,
      csrf: csrfOf(secret),
    };
  }

  async end(hash: string): Promise<void> {
    await this.sessions.delete({ hash });
  }

  /** Ends all of an agent's sessions. Sockets are closed by the next sweep. */
  async endAllOf(agentId: AgentId, tx: Transaction): Promise<void> {
    await tx.manager.delete(SessionRow, { agentId });
  }

  /** Those of the given hashes whose sessions are alive. */
  async alive(hashes: string[]): Promise<Set<string>> {
    const rows = await this.sessions.findBy({ hash: In(hashes) });
    return new Set(rows.filter((row) => this.isAlive(row)).map(({ hash }) => hash));
  }

  private get sessions() {
    return this.database.source.getRepository(SessionRow);
  }

  private isAlive({ createdAt, seenAt }: SessionRow): boolean {
    const now = this.clock.now();
    return now - +seenAt < IDLE_MS && now - +createdAt < SESSION_MS;
  }

  private async see({ hash, seenAt }: SessionRow): Promise<void> {
    const now = this.clock.now();
    if (now - +seenAt >= SEEN_EVERY_MS) await this.sessions.update({ hash }, { seenAt: new Date(now) });
  }
}

/** Known to whoever holds the cookie's value or may read our answers, and to nobody else. */
export const csrfOf = (secret: string): string =>
  createHash('sha256').update(`csrf\0${secret}`).digest('base64url');
