import { Body, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { AccountId, CheckAccount, CreateAccount, PatchAccount } from '@yixian/contracts';
import type { Account, AccountCheck, AccountList } from '@yixian/contracts';
import { By } from '../desk/http/caller.ts';
import type { Caller } from '../desk/http/caller.ts';
import { DeskController } from '../desk/http/desk-controller.ts';
import { found } from '../desk/http/found.ts';
import { AccountChecks } from './account-checks.ts';
import { Accounts } from './accounts.ts';

@DeskController('api/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: Accounts,
    private readonly checks: AccountChecks,
  ) {}

  @Get()
  async list(): Promise<AccountList> {
    return { accounts: await this.accounts.list() };
  }

  @Post()
  create(@Body({ schema: CreateAccount }) wanted: CreateAccount, @By() by: Caller): Promise<Account> {
    return this.accounts.create(wanted, by);
  }

  @Post('check')
  @HttpCode(200)
  async check(@Body({ schema: CheckAccount }) wanted: CheckAccount): Promise<AccountCheck> {
    const asked = found(await this.accounts.toCheck(wanted), 'account');
    return { findings: await this.checks.check(asked) };
  }

  /** Without a word where the channel has none of it, or the account is switched off. */
  @Get(':id/state')
  async state(@Param('id', { schema: AccountId }) id: AccountId): Promise<AccountCheck> {
    const { channel, enabled, tellsState } = found(await this.accounts.standing(id), 'account');
    return { findings: enabled && tellsState ? await this.checks.state({ channel, account: id }) : [] };
  }

  @Patch(':id')
  async patch(
    @Param('id', { schema: AccountId }) id: AccountId,
    @Body({ schema: PatchAccount }) patch: PatchAccount,
    @By() by: Caller,
  ): Promise<Account> {
    return found(await this.accounts.patch(id, patch, by), 'account');
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id', { schema: AccountId }) id: AccountId, @By() by: Caller): Promise<void> {
    found((await this.accounts.remove(id, by)) || undefined, 'account');
  }
}
