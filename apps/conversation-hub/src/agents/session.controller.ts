import { Body, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { LogIn } from '@yixian/contracts';
import type { Agent, Clock, FirstRun, Session } from '@yixian/contracts';
import { MediaLinks } from '@yixian/media';
import { CLOCK, clientAddress, networkOf, RateLimiter, Refused } from '@yixian/service';
import type { Request, Response } from 'express';
import { Audit } from '../audit/audit.ts';
import { DESK } from '../desk/desk-options.ts';
import type { DeskOptions } from '../desk/desk-options.ts';
import { By } from '../desk/http/caller.ts';
import type { Caller } from '../desk/http/caller.ts';
import { DeskController } from '../desk/http/desk-controller.ts';
import { Agents } from './agents.ts';
import { sessionCookie } from './cookie.ts';
import { csrfOf, SESSION_MS, Sessions } from './sessions.ts';

/** One address may try this often; an office behind one address logs in every morning at nine. */
const PER_ADDRESS = { perSecond: 0.5, burst: 30 };
/** One address may try one agent's password this often: ten times, then once a minute. */
const PER_AGENT = { perSecond: 1 / 60, burst: 10 };

@DeskController('api')
export class SessionController {
  private readonly byAddress: RateLimiter;
  private readonly byAgent: RateLimiter;

  constructor(
    private readonly agents: Agents,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
    private readonly links: MediaLinks,
    @Inject(CLOCK) clock: Clock,
    @Inject(DESK) private readonly desk: DeskOptions,
  ) {
    this.byAddress = new RateLimiter(clock, PER_ADDRESS);
    this.byAgent = new RateLimiter(clock, PER_AGENT);
  }

  @Get('first-run')
  async firstRun(): Promise<FirstRun> {
    return { needed: await this.agents.none() };
  }

  @Post('session')
  @HttpCode(200)
  async logIn(
    @Body({ schema: LogIn }) { email, password }: LogIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Session> {
    const address = this.limit(request, email);
    const agent = await this.agents.withPassword(email, password);
    if (!agent) {
      await this.audit.record({
        by: stranger,
        action: 'session.refused',
        subject: email,
        detail: { address },
      });
      throw new Refused('unauthenticated', 'The e-mail address or the password is wrong.');
    }
    const secret = await this.sessions.begin(agent.id);
    await this.audit.record({
      by: { kind: 'agent', ...agent },
      action: 'session.begun',
      subject: agent.id,
      detail: { address },
    });
    this.setCookie(response, secret, SESSION_MS / 1000);
    return this.session(agent, csrfOf(secret));
  }

  @Get('session')
  whoAmI(@By() by: Caller): Session {
    if (by.via !== 'session') throw new Refused('not_found', 'A token has no session.');
    return this.session(by.agent, by.csrf);
  }

  @Delete('session')
  @HttpCode(204)
  async logOut(@By() by: Caller, @Res({ passthrough: true }) response: Response): Promise<void> {
    if (by.via !== 'session') throw new Refused('not_found', 'A token has no session.');
    await this.sessions.end(by.session);
    await this.audit.record({ by, action: 'session.ended', subject: by.id });
    this.setCookie(response, '', 0);
  }

  private limit(request: Request, email: string): string {
    const address = clientAddress(
      { headers: request.headers, remoteAddress: request.socket.remoteAddress },
      this.desk.trustProxy,
    );
    this.byAddress.check(networkOf(address));
    this.byAgent.check(`${networkOf(address)} ${email.toLowerCase()}`);
    return address;
  }

  private setCookie(response: Response, secret: string, maxAgeS: number): void {
    const secure = this.desk.publicUrl?.startsWith('https:') ?? false;
    response.setHeader('set-cookie', sessionCookie(secret, { maxAgeS, secure }));
    response.setHeader('cache-control', 'no-store');
  }

  private session(agent: Agent, csrf: string): Session {
    return { agent, csrf, mediaToken: this.links.token({ key: '*', ttlMs: SESSION_MS }) };
  }
}

const stranger = { kind: 'system', id: 'stranger', name: '' } as const;
