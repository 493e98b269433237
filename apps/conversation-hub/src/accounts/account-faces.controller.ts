import { Get } from '@nestjs/common';
import type { AccountFaces } from '@yixian/contracts';
import { DeskController } from '../desk/http/desk-controller.ts';
import { Accounts } from './accounts.ts';

@DeskController('api/account-faces')
export class AccountFacesController {
  constructor(private readonly accounts: Accounts) {}

  @Get()
  async list(): Promise<AccountFaces> {
    return { faces: await this.accounts.faces() };
  }
}
