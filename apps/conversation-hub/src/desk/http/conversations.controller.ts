import { Body, Get, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  AssignConversation,
  ConversationId,
  ConversationQuery,
  ReadConversation,
  WriteMessage,
  WriteNote,
} from '@yixian/contracts';
import type { AgentId, AgentRef, Conversation, ReplyConflict, WrittenEntry } from '@yixian/contracts';
import { Refused } from '@yixian/service';
import type { Response } from 'express';
import { Agents } from '../../agents/agents.ts';
import { Conversations } from '../../conversations/conversations.ts';
import { InboxCounter } from '../inbox-counter.ts';
import { agentIdOf, By } from './caller.ts';
import type { Caller } from './caller.ts';
import { DeskController } from './desk-controller.ts';
import { found } from './found.ts';
import { invalid } from './valid.pipe.ts';

const id = { schema: ConversationId };

@DeskController('api/conversations')
export class ConversationsController {
  constructor(
    private readonly conversations: Conversations,
    private readonly agents: Agents,
    private readonly counter: InboxCounter,
  ) {}

  /** The page is JSON text as the database made it; only the counts are put in. */
  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  async page(
    @Query({ schema: ConversationQuery }) query: ConversationQuery,
    @By() by: Caller,
  ): Promise<string> {
    const agent = agentIdOf(by);
    const [{ json }, counts] = await Promise.all([
      this.conversations.page(query, agent),
      this.counter.of(agent),
    ]);
    return `${json.slice(0, -1)},"counts":${JSON.stringify(counts)}}`;
  }

  @Get(':id')
  async find(@Param('id', id) of: ConversationId): Promise<Conversation> {
    return found(await this.conversations.find(of), 'conversation');
  }

  @Post(':id/messages')
  async reply(
    @Param('id', id) of: ConversationId,
    @Body({ schema: WriteMessage }) message: WriteMessage,
    @By() by: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WrittenEntry | ReplyConflict> {
    const reply = await this.conversations.reply(of, message, by);
    if (reply.outcome === 'written') return { conversation: reply.conversation, entry: reply.entry };
    if (reply.outcome === 'not_found') throw new Refused('not_found', 'There is no such conversation.');
    response.status(409);
    const error = { code: 'conflict' as const, message: 'A colleague has answered since.' };
    return { error, entries: reply.entries };
  }

  @Post(':id/notes')
  async note(
    @Param('id', id) of: ConversationId,
    @Body({ schema: WriteNote }) note: WriteNote,
    @By() by: Caller,
  ): Promise<WrittenEntry> {
    return found(await this.conversations.note(of, note, by), 'conversation');
  }

  @Post(':id/assign')
  @HttpCode(200)
  async assign(
    @Param('id', id) of: ConversationId,
    @Body({ schema: AssignConversation }) { agentId }: AssignConversation,
    @By() by: Caller,
  ): Promise<Conversation> {
    const to = agentId && (await this.assignee(agentId));
    return found(await this.conversations.assign(of, to, by), 'conversation');
  }

  @Post(':id/close')
  @HttpCode(200)
  async close(@Param('id', id) of: ConversationId, @By() by: Caller): Promise<Conversation> {
    return found(await this.conversations.close(of, by), 'conversation');
  }

  @Post(':id/reopen')
  @HttpCode(200)
  async reopen(@Param('id', id) of: ConversationId, @By() by: Caller): Promise<Conversation> {
    return found(await this.conversations.reopen(of, by), 'conversation');
  }

  @Post(':id/read')
  @HttpCode(200)
  async read(
    @Param('id', id) of: ConversationId,
    @Body({ schema: ReadConversation }) { seq }: ReadConversation,
    @By() by: Caller,
  ): Promise<Conversation> {
    return found(await this.conversations.read(of, seq, by), 'conversation');
  }

  private async assignee(agentId: AgentId): Promise<AgentRef> {
    const agent = await this.agents.assignable(agentId);
    if (!agent) throw invalid([{ path: ['agentId'], message: 'is not an agent who works here' }]);
    return agent;
  }
}
