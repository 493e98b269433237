import { DeliveryError } from '@yixian/channel';
import type { ChannelHost } from '@yixian/channel';
import type { Attachment, Payload } from '@yixian/contracts';
import type { Customer, SendBudget } from '../budget/send-budget.ts';
import { deliveryErrorOf } from '../tencent/refusals.ts';
import type { Answer } from '../tencent/tencent-api.ts';
import type { Part } from './part.ts';

/** The most messages that one reply may become: as many as one message of the customer allows. */
const MOST_PARTS = 5;

/** A message that waits for the customer is looked at again, at first often, for as long as a window can be open. */
const UNTIL_THE_CUSTOMER_WRITES = {
  firstMs: 1_000,
  longestMs: 5_000,
  attempts: Infinity,
  giveUpAfterMs: 48 * 3_600_000,
};

export interface Performing {
  host: Pick<ChannelHost, 'media'>;
  budget: SendBudget;
  /** Gives the id that Tencent knows a file by. */
  upload(file: Attachment, type: string, content: Buffer): Promise<string>;
  /** Performs one part. */
  perform(part: Part, body: Payload, index: number): Promise<Answer>;
  /** Performing a part twice is the same as once. */
  repeatable: boolean;
}

/** Sends the parts of one reply, all or, where the rules do not allow that, none. */
export class Performer {
  constructor(private readonly means: Performing) {}

  /** The answers, in order. Throws `DeliveryError`. */
  async send(customer: Customer, parts: Part[]): Promise<Answer[]> {
    if (parts.length === 0) throw refused('empty');
    const counted = parts.filter(({ free }) => !free).length;
    if (counted > MOST_PARTS) throw refused('too_many_parts');
    const taken = await this.means.budget.take(customer, counted);
    if (!taken.ok) throw this.notNow(taken.why);
    const answers: Answer[] = [];
    try {
      for (const part of parts) answers.push(await this.perform(part, answers.length));
      return answers;
    } catch (error) {
      const foreseen = deliveryErrorOf(error, { repeatable: this.means.repeatable });
      if (foreseen instanceof DeliveryError && foreseen.certain)
        await this.means.budget.giveBack(customer, taken, Math.max(0, counted - answers.length));
      if (foreseen instanceof DeliveryError && ['quota_exhausted', 'window_closed'].includes(foreseen.code))
        await this.means.budget.exhaust(customer);
      throw this.inWhole(foreseen, answers.length);
    }
  }

  private async perform(part: Part, index: number): Promise<Answer> {
    const mediaId = part.upload ? await this.uploaded(part.upload) : '';
    return this.means.perform(part, part.body(mediaId), index);
  }

  /** Nothing has reached the customer yet, whatever happens here. */
  private async uploaded({ file, type }: { file: Attachment; type: string }): Promise<string> {
    try {
      const stored = await this.means.host.media.get(file.key);
      if (!stored) throw refused('file_missing');
      const chunks: Buffer[] = [];
      for await (const chunk of stored.content) chunks.push(chunk as Buffer);
      return await this.means.upload(file, type, Buffer.concat(chunks));
    } catch (error) {
      const foreseen = deliveryErrorOf(error, { repeatable: true });
      if (foreseen instanceof DeliveryError) throw foreseen;
      throw new DeliveryError('file_unavailable', { retryable: true, certain: true, cause: error });
    }
  }

  private notNow(why: 'window_closed' | 'waits_for_customer'): DeliveryError {
    if (why === 'window_closed') return refused(why);
    return new DeliveryError(why, { retryable: true, certain: true, patience: UNTIL_THE_CUSTOMER_WRITES });
  }

  /** Once a part is with the customer, the whole can be neither repeated nor called undone. */
  private inWhole(error: unknown, sent: number): unknown {
    if (sent === 0 || this.means.repeatable) return error;
    return new DeliveryError('partly_sent', { retryable: false, certain: false, cause: error });
  }
}

const refused = (code: string) => new DeliveryError(code, { retryable: false, certain: true });
