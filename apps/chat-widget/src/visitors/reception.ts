import { isDeepStrictEqual } from 'node:util';
import { isOpen, opensAt } from '@yixian/channel';
import type { Clock, Joined, VisitorAuth } from '@yixian/contracts';
import { MAX_VISITOR_TEXT, timestamp } from '@yixian/contracts';
import { Refused } from '@yixian/service';
import type { ChatChannel } from '../chat-channel.ts';
import { senderOf } from '../from-visitor.ts';
import { readIdentityToken } from '../identity-token.ts';
import type { KnownCustomer } from '../identity-token.ts';
import type { Site } from '../site.ts';
import { toVisitor } from '../to-visitor.ts';
import { asksOf } from './asks.ts';
import type { VisitorFiles } from './visitor-files.ts';
import { VisitorTokens } from './visitor-tokens.ts';
import type { KnownToken } from './visitor-tokens.ts';
import type { Visitor, VisitorSession } from './visitor.ts';

/** Lines given at once; a browser that missed more gets the newest. */
const LINES = 50;
const MEGABYTE = 1024 * 1024;

export interface Admitted {
  session: Omit<VisitorSession, 'network'>;
  /** To be kept by the browser in place of the one it came with. */
  token: string | undefined;
}

/** Says who comes in, and gives them what they need to paint the chat. */
export class Reception {
  constructor(
    private readonly channel: ChatChannel,
    private readonly files: VisitorFiles,
    private readonly clock: Clock,
  ) {}

  /** Throws {@link Refused}: `unknown_site`, `identity_required`, `token_invalid`, `token_expired`, `unavailable`. */
  async admit(auth: VisitorAuth): Promise<Admitted> {
    const site = this.channel.site(auth.site);
    const known = auth.identity ? await readIdentityToken(auth.identity, site, this.clock) : undefined;
    if (!known && site.requireIdentity) {
      throw new Refused('identity_required', 'This site chats with customers that it has signed for.');
    }
    const came = auth.token ? await this.tokens.find(site.id, auth.token) : undefined;
    const { visitor, hash, token } = known
      ? await this.recognise(site, known, came)
      : await this.welcome(site, came);
    return { session: { visitor, locale: auth.locale, page: auth.page, tokenHash: hash }, token };
  }

  /** What the panel paints first. */
  async joined(
    { session, token }: Admitted,
    held: { visitor?: string | undefined; after: number },
  ): Promise<Joined> {
    const { visitor } = session;
    const { site: id, address } = visitor;
    const after = held.visitor === address ? held.after : 0;
    const site = this.channel.site(id);
    const { records, host } = this.channel;
    const [lines, marks, readByAgent, conversation] = await Promise.all([
      host.transcript.read(id, address, { after, limit: LINES }),
      records.marks(id, address),
      records.readByAgent(id, address),
      this.channel.conversationOf(id, address),
    ]);
    const [newest] =
      lines.length > 0 ? lines.slice(-1) : await host.transcript.read(id, address, { limit: 1 });
    return {
      ...(token && { token }),
      visitor: address,
      lines: lines.map((line) => toVisitor(line, (file) => this.files.shown(file))),
      last: newest?.position ?? 0,
      readByAgent,
      readByVisitor: marks.read,
      conversation,
      ...this.staffing(site),
      asks: asksOf(site, visitor, this.isStaffed(site)),
      maxText: MAX_VISITOR_TEXT,
      maxFileBytes: site.uploadLimit * MEGABYTE,
      serverTime: timestamp(this.clock),
    };
  }

  isStaffed(site: Site): boolean {
    return isOpen(site.hours, site.timeZone, this.clock.now());
  }

  forget(session: VisitorSession): Promise<void> {
    return this.tokens.forget(session.tokenHash);
  }

  private get tokens(): VisitorTokens {
    return new VisitorTokens(this.channel.host.store, this.clock);
  }

  private staffing(site: Site): Pick<Joined, 'staffed' | 'staffedAt'> {
    const staffed = this.isStaffed(site);
    const next = staffed ? undefined : opensAt(site.hours, site.timeZone, this.clock.now());
    return { staffed, staffedAt: next === undefined ? null : new Date(next).toISOString() };
  }

  /** Somebody nobody signed for: who they were last time, or new. */
  private async welcome(site: Site, came: KnownToken | undefined) {
    if (came) {
      const visitor = await this.channel.records.find(site.id, came.address);
      if (came.renewed && visitor.spoke) await this.channel.records.save(visitor);
      return { visitor, hash: came.hash, token: came.renewed };
    }
    const visitor = this.channel.records.fresh(site.id);
    return { visitor, ...(await this.tokens.issue(site.id, visitor.address)) };
  }

  /**
   * A customer the site has signed for is one visitor on all their devices: the first they came as. What they said
   * as somebody else before they logged in stays there, and is said to be theirs.
   */
  private async recognise(site: Site, known: KnownCustomer, came: KnownToken | undefined) {
    const { records, host } = this.channel;
    const before = came ? await records.find(site.id, came.address) : undefined;
    const mine = before && (!before.known || before.known.external === known.external) ? before : undefined;
    const candidate = mine ?? records.fresh(site.id);
    const address = await records.addressOf(site.id, known.external, candidate.address);
    const found = address === candidate.address ? candidate : await records.find(site.id, address);
    const visitor: Visitor = { ...found, known };
    await records.save(visitor);
    if (mine?.spoke && mine.address !== address) {
      await host.assertIdentity(site.id, mine.address, senderOf({ ...mine, known }));
      await records.save({ ...mine, known });
    }
    if (visitor.spoke && !isDeepStrictEqual(found.known, known))
      await host.assertIdentity(site.id, address, senderOf(visitor));
    if (came && came.address === address) return { visitor, hash: came.hash, token: came.renewed };
    return { visitor, ...(await this.tokens.issue(site.id, address)) };
  }
}
