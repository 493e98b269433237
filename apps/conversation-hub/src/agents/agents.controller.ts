import { Body, Get, Param, Patch, Post } from '@nestjs/common';
import { AgentId, CreateAgent, PatchAgent } from '@yixian/contracts';
import type { Agent, AgentList } from '@yixian/contracts';
import { Refused } from '@yixian/service';
import { By } from '../desk/http/caller.ts';
import type { Caller } from '../desk/http/caller.ts';
import { DeskController } from '../desk/http/desk-controller.ts';
import { found } from '../desk/http/found.ts';
import { Agents } from './agents.ts';
import type { AgentOutcome } from './agents.ts';

@DeskController('api/agents')
export class AgentsController {
  constructor(private readonly agents: Agents) {}

  @Get()
  async list(): Promise<AgentList> {
    return { agents: await this.agents.list() };
  }

  @Post()
  async create(@Body({ schema: CreateAgent }) wanted: CreateAgent, @By() by: Caller): Promise<Agent> {
    return answer(await this.agents.create(wanted, by));
  }

  @Patch(':id')
  async patch(
    @Param('id', { schema: AgentId }) id: AgentId,
    @Body({ schema: PatchAgent }) patch: PatchAgent,
    @By() by: Caller,
  ): Promise<Agent> {
    return answer(await this.agents.patch(id, patch, by));
  }
}

const refusals = {
  email_taken: 'Another agent has this e-mail address.',
  last_admin: 'This is the last admin who can log in.',
};

function answer(outcome: AgentOutcome): Agent {
  const agent = found(outcome, 'agent');
  if ('refused' in agent) throw new Refused('conflict', refusals[agent.refused]);
  return agent;
}
