import { Inject, Injectable } from '@nestjs/common';
import type { AgentId, ApiToken, Clock, CreatedToken, CreateToken } from '@yixian/contracts';
import { newId } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { CLOCK, DATABASE } from '@yixian/service';
import { In } from 'typeorm';
import { Audit } from '../audit/audit.ts';
import type { Actor } from '../conversations/actor.ts';
import type { Caller } from '../desk/http/caller.ts';
import { ApiTokenRow, toApiToken } from './api-token.entity.ts';
import { newSecret, secretHash } from './secret-token.ts';

/** So that a token found in a log or a repository is known for what it is. */
const PREFIX = 'yx_';
/** How often at most "last used" is written down. */
const USED_EVERY_MS = 60_000;

/** Programs' keys to the API. Shown once, kept as a hash. */
@Injectable()
export class ApiTokens {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** Newest first. */
  async list(): Promise<ApiToken[]> {
    return (await this.tokens.find({ order: { createdAt: 'DESC', id: 'ASC' } })).map(toApiToken);
  }

  async create({ name, role, expiresAt }: CreateToken, by: Actor): Promise<CreatedToken> {
    const token = PREFIX + newSecret();
    const row: ApiTokenRow = {
      id: newId(),
      hash: secretHash(token),
      name,
      role,
      createdBy: by.kind === 'agent' ? { id: by.id as AgentId, name: by.name } : null,
      createdAt: new Date(this.clock.now()),
      lastUsedAt: null,
      expiresAt: expiresAt ? new Date(expiresAt) : null,
    };
    await this.database.transaction(async (tx) => {
      await tx.manager.insert(ApiTokenRow, row);
      await this.audit.record({ by, action: 'token.created', subject: row.id, detail: { name, role } }, tx);
    });
    return { ...toApiToken(row), token };
  }

  /** False when there was none. Works no more from the next request on. */
  async revoke(id: string, by: Actor): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const { affected } = await tx.manager.delete(ApiTokenRow, { id });
      if (affected) await this.audit.record({ by, action: 'token.revoked', subject: id }, tx);
      return Boolean(affected);
    });
  }

  async find(token: string): Promise<Caller | undefined> {
    if (!token.startsWith(PREFIX)) return undefined;
    const row = await this.tokens.findOneBy({ hash: secretHash(token) });
    if (!row || !this.isAlive(row)) return undefined;
    await this.use(row);
    return { kind: 'token', id: row.id, name: row.name, role: row.role, via: 'token' };
  }

  /** Those of the given ids whose tokens still work. */
  async alive(ids: string[]): Promise<Set<string>> {
    const rows = await this.tokens.findBy({ id: In(ids) });
    return new Set(rows.filter((row) => this.isAlive(row)).map(({ id }) => id));
  }

  private get tokens() {
    return this.database.source.getRepository(ApiTokenRow);
  }

  private isAlive({ expiresAt }: ApiTokenRow): boolean {
    return !expiresAt || +expiresAt > this.clock.now();
  }

  private async use({ id, lastUsedAt }: ApiTokenRow): Promise<void> {
    const now = this.clock.now();
    if (!lastUsedAt || now - +lastUsedAt >= USED_EVERY_MS)
      await this.tokens.update({ id }, { lastUsedAt: new Date(now) });
  }
}
