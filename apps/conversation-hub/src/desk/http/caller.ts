import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { Agent, AgentId } from '@yixian/contracts';
import type { Request } from 'express';
import type { Actor } from '../../conversations/actor.ts';

/** Who makes a request, and by what right. */
export type Caller = Actor & (BySession | ByToken);

interface BySession {
  via: 'session';
  agent: Agent;
  /** The hash under which the session is kept. */
  session: string;
  csrf: string;
}

interface ByToken {
  via: 'token';
}

export type RequestOfCaller = Request & { caller?: Caller };

/** The agent who calls; `undefined` for a program with a token. */
export const agentIdOf = (caller: Caller): AgentId | undefined =>
  caller.via === 'session' ? caller.agent.id : undefined;

/** In a handler's parameters: who calls. Only on routes that are not open to anyone. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<RequestOfCaller>();
  if (!caller) throw new Error('A route that asks who calls is open to anyone.');
  return caller;
});
