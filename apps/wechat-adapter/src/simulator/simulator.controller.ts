import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { Refused } from '@yixian/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { simulatorPage } from './simulator-page.ts';
import type { Line, Seat } from './seat.ts';
import { Simulator } from './simulator.ts';

const Deed = z.object({
  type: z.string().max(20),
  text: z.string().max(4000).default(''),
  menuId: z.string().max(200).optional(),
});
const Who = z.string().regex(/^[\w-]{1,40}$/);

/** The page on which a developer plays customers. For whoever sits at this machine, and for nobody else. */
@Controller('simulator')
export class SimulatorController {
  constructor(private readonly simulator: Simulator) {}

  @Get()
  page(@Query('lang') asked: string | undefined, @Req() request: Request, @Res() response: Response): void {
    ownMachine(request);
    const preferred = request.acceptsLanguages('zh', 'zh-CN', 'en') === 'en' ? 'en' : 'zh-CN';
    const locale = asked === 'en' || asked === 'zh-CN' ? asked : preferred;
    const nonce = randomBytes(16).toString('base64');
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    response.setHeader('cache-control', 'no-store');
    response.type('html').send(simulatorPage(locale, nonce));
  }

  @Get('accounts')
  accounts(@Req() request: Request): { id: string; name: string; provider: string; deeds: string[] }[] {
    ownMachine(request);
    return this.simulator.list().map(({ account, deeds }) => ({
      id: account.id,
      name: account.name,
      provider: account.provider,
      deeds,
    }));
  }

  @Get(':account/:who')
  lines(@Param('account') account: string, @Param('who') who: string, @Req() request: Request): Line[] {
    ownMachine(request);
    return this.seat(account).lines(Who.parse(who));
  }

  @Post(':account/:who')
  async act(
    @Param('account') account: string,
    @Param('who') who: string,
    @Body() body: unknown,
    @Req() request: Request,
  ): Promise<{ answer: string }> {
    ownMachine(request);
    const seat = this.seat(account);
    const deed = Deed.parse(body);
    if (!seat.deeds.includes(deed.type)) throw new Refused('invalid', `Nobody can do "${deed.type}" here.`);
    const origin = `http://127.0.0.1:${request.socket.localPort}`;
    return { answer: await seat.do(Who.parse(who), deed, origin) };
  }

  private seat(id: string): Seat {
    const seat = this.simulator.seat(id);
    if (!seat) throw new Refused('not_found', `There is no simulated account "${id}".`);
    return seat;
  }
}

/** By the connection and by the name that was asked for, or any page could have its visitor's browser play here. */
function ownMachine({ socket, hostname }: Request): void {
  const isLocal = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(socket.remoteAddress ?? '');
  if (!isLocal || !['localhost', '127.0.0.1', '[::1]', '::1'].includes(hostname))
    throw new Refused('forbidden', 'The simulator is for this machine alone.');
}
