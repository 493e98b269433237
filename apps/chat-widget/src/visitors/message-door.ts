import type { Clock, Said, Say } from '@yixian/contracts';
import { MAX_VISITOR_TEXT } from '@yixian/contracts';
import { Refused } from '@yixian/service';
import type { ChatChannel } from '../chat-channel.ts';
import { fromVisitor } from '../from-visitor.ts';
import { asksOf } from './asks.ts';
import type { Reception } from './reception.ts';
import type { VisitorFiles } from './visitor-files.ts';
import type { VisitorLimits } from './visitor-limits.ts';
import { withAnswers } from './visitor.ts';
import type { Visitor, VisitorSession } from './visitor.ts';

interface Means {
  channel: ChatChannel;
  reception: Reception;
  files: VisitorFiles;
  limits: VisitorLimits;
  clock: Clock;
}

/** Where visitors hand in what they write. */
export class MessageDoor {
  constructor(private readonly means: Means) {}

  /**
   * Resolves once the message is durable. Throws {@link Refused}: `too_large`, `invalid` (with the answers that are
   * missing), `rate_limited`, `token_invalid` (a file that is not theirs), or `unavailable`: come again.
   * Nothing is awaited before the host has the message, so that what one tab says keeps its order.
   */
  async take(session: VisitorSession, say: Say): Promise<Said> {
    this.check(session, say);
    const { channel, files, clock } = this.means;
    const { visitor: before } = session;
    const attachments = say.files.map((name) => files.attachmentIn(name, before.site, before.address));
    const visitor = withAnswers(before, say.answers);
    this.checkAnswers(visitor);
    const received = fromVisitor(say, { ...session, visitor }, { attachments, now: clock.now() });
    const outcome = await channel.host.receive(received);
    if (!outcome.accepted && outcome.retry) throw new Refused('unavailable', 'Try again.', { retryAfter: 2 });
    if (!outcome.accepted) throw new Refused('invalid', 'This message cannot be taken.');
    if (!before.spoke || say.answers) await this.remember(session, { ...visitor, spoke: true });
    return { id: outcome.id };
  }

  private check({ visitor, network }: VisitorSession, { text, files }: Say): void {
    const { limits } = this.means;
    if (text.length > MAX_VISITOR_TEXT) {
      throw new Refused('too_large', `A message has at most ${MAX_VISITOR_TEXT} characters.`);
    }
    if (!text.trim() && files.length === 0) throw new Refused('invalid', 'A message needs text or a file.');
    limits.says.check(visitor.address);
    limits.saysOfNetwork.check(network);
  }

  private checkAnswers(visitor: Visitor): void {
    const { channel, reception } = this.means;
    const site = channel.site(visitor.site);
    const missing = asksOf(site, visitor, reception.isStaffed(site)).filter(({ required }) => required);
    if (missing.length === 0) return;
    const details = missing.map(({ field }) => ({ path: `answers.${field}`, message: 'is required' }));
    throw new Refused('invalid', 'This site asks for more before a chat.', { details });
  }

  private async remember(session: VisitorSession, visitor: Visitor): Promise<void> {
    session.visitor = visitor;
    await this.means.channel.records.save(visitor);
  }
}
