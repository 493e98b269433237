import { createHash } from 'node:crypto';
import type { ChannelStore } from '@yixian/channel';
import { newId } from '@yixian/contracts';
import type { AccountId, Address, Clock, ConversationShown } from '@yixian/contracts';
import { IDLE } from './visitor-tokens.ts';
import type { Visitor } from './visitor.ts';

/** How far a visitor's browsers have got, by positions of the transcript. */
export interface Marks {
  delivered: number;
  read: number;
}

/** What we remember of each visitor between visits, beside the transcript. All of it ends with the visitor's token. */
export class VisitorRecords {
  constructor(
    private readonly store: ChannelStore,
    private readonly clock: Clock,
  ) {}

  fresh(site: AccountId): Visitor {
    return { site, address: newId<Address>(), answers: {}, spoke: false };
  }

  async find(site: AccountId, address: Address): Promise<Visitor> {
    const found = await this.store.get<Visitor>(keyOf('visitor', site, address));
    return found ?? { site, address, answers: {}, spoke: false };
  }

  save(visitor: Visitor): Promise<void> {
    return this.put(keyOf('visitor', visitor.site, visitor.address), visitor);
  }

  /** The visitor that a known customer already is on this site; else `candidate` becomes it. */
  async addressOf(site: AccountId, external: string, candidate: Address): Promise<Address> {
    const key = keyOf('known', site, createHash('sha256').update(external).digest('hex'));
    const options = { expiresAt: this.clock.now() + IDLE };
    if (await this.store.add(key, candidate, options)) return candidate;
    const found = (await this.store.get<Address>(key)) ?? candidate;
    await this.store.put(key, found, options);
    return found;
  }

  async marks(site: AccountId, address: Address): Promise<Marks> {
    return (await this.store.get<Marks>(keyOf('marks', site, address))) ?? { delivered: 0, read: 0 };
  }

  saveMarks(site: AccountId, address: Address, marks: Marks): Promise<void> {
    return this.put(keyOf('marks', site, address), marks);
  }

  async readByAgent(site: AccountId, address: Address): Promise<number> {
    return (await this.store.get<number>(keyOf('read-by-agent', site, address))) ?? 0;
  }

  saveReadByAgent(site: AccountId, address: Address, position: number): Promise<void> {
    return this.put(keyOf('read-by-agent', site, address), position);
  }

  conversation(site: AccountId, address: Address): Promise<ConversationShown | undefined> {
    return this.store.get<ConversationShown>(keyOf('conversation', site, address));
  }

  /** An older word about a conversation never replaces a newer one. */
  async saveConversation(shown: ConversationShown): Promise<void> {
    const before = await this.conversation(shown.account, shown.address);
    if (before?.conversationId === shown.conversationId && before.version >= shown.version) return;
    await this.put(keyOf('conversation', shown.account, shown.address), shown);
  }

  /** Whether the visitor has rated this conversation or will not. */
  async surveyDone(conversationId: string): Promise<boolean> {
    return (await this.store.get(`survey:${conversationId}`)) !== undefined;
  }

  saveSurvey(conversationId: string, outcome: 'rated' | 'dismissed'): Promise<void> {
    return this.put(`survey:${conversationId}`, outcome);
  }

  private put(key: string, value: unknown): Promise<void> {
    return this.store.put(key, value, { expiresAt: this.clock.now() + IDLE });
  }
}

const keyOf = (kind: string, site: AccountId, name: string): string => `${kind}:${site}:${name}`;
