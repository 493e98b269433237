import { Body, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CreateToken } from '@yixian/contracts';
import type { ApiTokenList, CreatedToken } from '@yixian/contracts';
import { z } from 'zod';
import { By } from '../desk/http/caller.ts';
import type { Caller } from '../desk/http/caller.ts';
import { DeskController } from '../desk/http/desk-controller.ts';
import { found } from '../desk/http/found.ts';
import { ApiTokens } from './api-tokens.ts';

@DeskController('api/tokens')
export class TokensController {
  constructor(private readonly tokens: ApiTokens) {}

  @Get()
  async list(): Promise<ApiTokenList> {
    return { tokens: await this.tokens.list() };
  }

  @Post()
  create(@Body({ schema: CreateToken }) wanted: CreateToken, @By() by: Caller): Promise<CreatedToken> {
    return this.tokens.create(wanted, by);
  }

  @Delete(':id')
  @HttpCode(204)
  async revoke(@Param('id', { schema: z.uuid() }) id: string, @By() by: Caller): Promise<void> {
    found((await this.tokens.revoke(id, by)) || undefined, 'token');
  }
}
