import type { Clock, ConversationId, Entry, EntryId } from '@yixian/contracts';
import { newId } from '@yixian/contracts';
import type { ReplyOutcome } from './checker.ts';
import { CallFailed } from './desk-calls.ts';
import type { DeskCalls } from './desk-calls.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';
import { replyText } from './words.ts';

/** Replies under way at a time; beyond that agents only read. */
const MOST_WAITING = 100;
const AGAIN_MS = 800;
/** How often an agent gives up on a reply that was not answered, and how often they insist on one in conflict. */
const GIVES_UP = 0.05;
const INSISTS = 0.5;

interface ReplyRecord {
  customer: number;
  outcome: ReplyOutcome;
}

interface Draft {
  number: number;
  agent: string;
  calls: DeskCalls;
  conversationId: ConversationId;
  message: { id: EntryId; text: string; seenSeq: number; force: boolean };
}

/** The agents' replies, each with an id made here and sent until it is answered. */
export class Replies {
  /** By number, from 1 (index 0) on. */
  readonly records: ReplyRecord[] = [];
  private waiting = 0;

  constructor(
    private readonly means: {
      clock: Clock;
      journal: Journal;
      random: Random;
      onWrong: (who: string, says: string) => void;
    },
  ) {}

  get isCalm(): boolean {
    return this.waiting === 0;
  }

  write(agent: string, calls: DeskCalls, to: Entry, seenSeq: number): void {
    const customer = Number(/^c(\d+) /.exec(to.text)?.[1]);
    if (!customer || this.waiting >= MOST_WAITING) return;
    const number = this.records.push({ customer, outcome: 'open' });
    this.waiting++;
    const message = { id: newId<EntryId>(), text: replyText(number), seenSeq, force: false };
    void this.send({ number, agent, calls, conversationId: to.conversationId, message }).finally(
      () => this.waiting--,
    );
  }

  private async send(draft: Draft): Promise<void> {
    const { clock, random, journal } = this.means;
    const who = `c${this.records[draft.number - 1]!.customer}`;
    let doubtful = false;
    for (;;) {
      journal.note(who, `${draft.agent} sends r${draft.number}${draft.message.force ? ' insisting' : ''}`);
      const outcome = await this.attempt(draft);
      journal.note(who, `${draft.agent} was answered r${draft.number}: ${outcome}`);
      if (outcome === 'written') return this.settle(draft, 'written');
      if (outcome === 'conflict' && random.chance(INSISTS)) draft.message.force = true;
      else if (outcome === 'conflict' || outcome === 'illegal_move')
        // An attempt that was never answered may still be on its way.
        return this.settle(draft, doubtful ? 'open' : 'refused');
      else if (random.chance(GIVES_UP)) return;
      doubtful ||= outcome !== 'conflict' && outcome !== 'rate_limited';
      await new Promise<void>((resolve) => clock.after(AGAIN_MS, resolve));
    }
  }

  private settle({ number }: Draft, outcome: ReplyOutcome): void {
    this.records[number - 1]!.outcome = outcome;
  }

  /** `written`, a refusal's code, or why there was no answer. */
  private async attempt({ calls, conversationId, message, agent, number }: Draft): Promise<string> {
    try {
      await calls.reply(conversationId, message);
      return 'written';
    } catch (error) {
      if (!(error instanceof CallFailed)) return String(error);
      if (error.status < 500 && !['conflict', 'illegal_move', 'rate_limited'].includes(error.code))
        this.means.onWrong(agent, `r${number} was refused: ${error.message}`);
      return error.code;
    }
  }
}
