import { Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { DeadLetters } from '@yixian/bus';
import type { DeadLetter as Letter, Settlement } from '@yixian/bus';
import { DeadLetterQuery } from '@yixian/contracts';
import type { DeadLetter, DeadLetterPage } from '@yixian/contracts';
import { Refused } from '@yixian/service';
import { Audit } from '../../audit/audit.ts';
import { By } from './caller.ts';
import type { Caller } from './caller.ts';
import { DeadLetterId } from './dead-letter-id.ts';
import { DeskController } from './desk-controller.ts';
import { found } from './found.ts';

const id = { schema: DeadLetterId };

@DeskController('api/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetters,
    private readonly audit: Audit,
  ) {}

  @Get()
  async page(
    @Query({ schema: DeadLetterQuery }) { cursor, limit }: DeadLetterQuery,
  ): Promise<DeadLetterPage> {
    const { letters, next } = await this.letters.list(cursor ? Number(cursor) : null, limit);
    return { deadLetters: letters.map(toDeadLetter), next: next === null ? null : String(next) };
  }

  @Post(':id/replay')
  @HttpCode(204)
  async replay(@Param('id', id) of: string, @By() by: Caller): Promise<void> {
    settled(await this.letters.replay(Number(of)));
    await this.audit.record({ by, action: 'dead-letter.replayed', subject: of });
  }

  @Delete(':id')
  @HttpCode(204)
  async discard(@Param('id', id) of: string, @By() by: Caller): Promise<void> {
    settled(await this.letters.discard(Number(of)));
    await this.audit.record({ by, action: 'dead-letter.discarded', subject: of });
  }
}

function toDeadLetter(letter: Letter): DeadLetter {
  const { topic, partition, offset, key, error, attempts } = letter;
  return {
    id: String(letter.id),
    topic,
    partition,
    offset,
    key,
    error,
    attempts,
    at: letter.at.toISOString(),
    replayedAt: letter.replayedAt?.toISOString() ?? null,
  };
}

function settled(settlement: Settlement): void {
  if (settlement === 'missing') found(undefined, 'dead letter');
  if (settlement === 'settled') throw new Refused('conflict', 'It was replayed or discarded before.');
  if (settlement === 'unreadable')
    throw new Refused('invalid', 'It is not JSON; no replay can help. Discard it.');
}
