import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Clock } from '@yixian/contracts';
import { CLOCK } from '@yixian/service';
import type { Request, Response } from 'express';
import { WechatChannel } from '../wechat-channel.ts';
import type { CallbackQuery } from './callback-door.ts';
import { CallbackMetrics } from './callback-metrics.ts';
import { CallbackRefused } from './callback-refused.ts';
import { readBytes } from './read-bytes.ts';

/** Tencent hangs up after 5 s; we say something before, in ms. */
const ANSWER_WITHIN = 4_500;

/** Where Tencent calls: `/wechat/<account>`. */
@Controller('wechat')
export class CallbackController {
  constructor(
    private readonly channel: WechatChannel,
    private readonly metrics: CallbackMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The console verifies the address. */
  @Get(':account')
  verify(@Param('account') account: string, @Query() query: CallbackQuery, @Res() response: Response): void {
    try {
      response.type('text/plain').send(this.channel.callbacks(account).door.verify(textOnly(query)));
    } catch (error) {
      this.refuse(error, response);
    }
  }

  /** Answers `success` once what came is durable; 503 makes Tencent come again, three times in all. */
  @Post(':account')
  async push(
    @Param('account') account: string,
    @Query() query: CallbackQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    try {
      const callbacks = this.channel.callbacks(account);
      const body = await readBytes(request, this.clock);
      const answer = await this.inTime(callbacks.push(textOnly(query), body));
      this.metrics.count('accepted');
      response.status(200).type('text/plain').send(answer);
    } catch (error) {
      this.refuse(error, response);
    }
  }

  private inTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(ANSWER_WITHIN, () => reject(new Error('It takes too long.')));
      work.then(resolve, reject).finally(cancel);
    });
  }

  private refuse(error: unknown, response: Response): void {
    const refused = error instanceof CallbackRefused ? error : undefined;
    this.metrics.count(refused?.code ?? 'again');
    if (!refused) this.channel.note('info', 'A callback must come again.', { error: String(error) });
    // Whoever is refused is not listened to any longer.
    if (refused) response.setHeader('connection', 'close');
    response
      .status(refused?.status ?? 503)
      .type('text/plain')
      .send(refused?.code ?? 'again');
  }
}

/** A parameter that is given twice is none. */
function textOnly(query: CallbackQuery): CallbackQuery {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => typeof value === 'string'));
}
