import { Body, Controller, Get, Inject, Module, Post, Req, UseFilters } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { pause } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { z } from 'zod';
import type { App } from '../src/app.ts';
import { Refused } from '../src/http/refused.ts';
import { SocketProblemFilter } from '../src/sockets/socket-problem-filter.ts';
import { currentTraceparent, inSpan } from '../src/telemetry/propagation.ts';
import { CLOCK, DATABASE } from '../src/tokens.ts';

const Greeting = z.object({ name: z.string().max(20) });

@Controller('greetings')
export class GreetingController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async count(): Promise<{ answer: number }> {
    const [row] = await this.database.query<{ answer: number }>('select 42 as answer');
    return row!;
  }

  @Post()
  greet(@Body() body: unknown): { hello: string } {
    return { hello: Greeting.parse(body).name };
  }

  /** Says how many bytes came, whatever they are. */
  @Post('raw/bytes')
  async bytes(@Req() request: AsyncIterable<Buffer>): Promise<{ bytes: number }> {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    return { bytes };
  }

  @Get('closed')
  closed(): never {
    throw new Refused('forbidden', 'Closed today.');
  }

  @Get('slow')
  async slow(): Promise<{ hello: string }> {
    await pause(this.clock, 1_000);
    return { hello: 'at last' };
  }

  @Get('traced')
  traced(): Promise<{ traceparent?: string }> {
    return inSpan({ name: 'greet', kind: 'server' }, () =>
      Promise.resolve({ traceparent: currentTraceparent() }),
    );
  }

  @Get('crash')
  crash(): void {
    setImmediate(() => {
      throw new Error('nobody caught this');
    });
  }

  @Get('reject')
  reject(): void {
    void Promise.reject(new Error('nobody waited for this'));
  }

  @Get('broken')
  broken(): never {
    throw new Error('a secret detail');
  }
}

@WebSocketGateway({ namespace: '/greetings' })
@UseFilters(SocketProblemFilter)
export class GreetingGateway {
  @SubscribeMessage('greet')
  greet(body: unknown, payload: unknown): { hello: string } {
    return { hello: Greeting.parse(payload ?? body).name };
  }
}

@Module({ controllers: [GreetingController], providers: [GreetingGateway] })
class GreetingModule {}

/** The smallest app that has all kinds of doors. For tests of the service itself. */
export const exampleApp: App = {
  name: 'example',
  rawBodies: ['/greetings/raw'],
  settings: z.object({
    EXAMPLE_WORD: z.string().min(3, 'must have 3 letters').default('hello').describe('A word.'),
  }),
  module: () => GreetingModule,
};
