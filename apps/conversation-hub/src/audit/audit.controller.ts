import { Get, Query } from '@nestjs/common';
import { AuditQuery } from '@yixian/contracts';
import type { AuditPage } from '@yixian/contracts';
import { DeskController } from '../desk/http/desk-controller.ts';
import { Audit } from './audit.ts';

@DeskController('api/audit')
export class AuditController {
  constructor(private readonly audit: Audit) {}

  @Get()
  page(@Query({ schema: AuditQuery }) query: AuditQuery): Promise<AuditPage> {
    return this.audit.page(query);
  }
}
