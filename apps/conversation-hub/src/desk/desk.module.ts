import type { DynamicModule } from '@nestjs/common';
import { DeadLetters } from '@yixian/bus';
import { MediaLinks } from '@yixian/media';
import type { AppContext } from '@yixian/service';
import { AccountFacesController } from '../accounts/account-faces.controller.ts';
import { AccountsController } from '../accounts/accounts.controller.ts';
import { Accounts } from '../accounts/accounts.ts';
import { AccountChecks } from '../accounts/account-checks.ts';
import { ChannelDirectory } from '../accounts/channel-directory.ts';
import { ChannelsController } from '../accounts/channels.controller.ts';
import { Access } from '../agents/access.ts';
import { AgentsController } from '../agents/agents.controller.ts';
import { Agents } from '../agents/agents.ts';
import { ApiTokens } from '../agents/api-tokens.ts';
import { SessionController } from '../agents/session.controller.ts';
import { Sessions } from '../agents/sessions.ts';
import { TokensController } from '../agents/tokens.controller.ts';
import { AuditController } from '../audit/audit.controller.ts';
import { Audit } from '../audit/audit.ts';
import { RecordModule } from '../intake/record.module.ts';
import { OpenApiController } from '../openapi/openapi.controller.ts';
import type { HubSettings } from '../settings.ts';
import { DESK } from './desk-options.ts';
import type { DeskOptions } from './desk-options.ts';
import { ContactsController } from './http/contacts.controller.ts';
import { ConversationsController } from './http/conversations.controller.ts';
import { DeadLettersController } from './http/dead-letters.controller.ts';
import { MediaController } from './http/media.controller.ts';
import { UploadsController } from './http/uploads.controller.ts';
import { InboxCounter } from './inbox-counter.ts';
import { InboxPages } from './inbox/inbox-pages.ts';
import { DeskClients } from './sockets/desk-clients.ts';
import { DeskFeed } from './sockets/desk-feed.ts';
import { DeskGateway } from './sockets/desk.gateway.ts';
import { SocketAccess } from './sockets/socket-access.ts';
import { SocketMetrics } from './sockets/socket-metrics.ts';

/** Every controller of the hub's doors. */
export const deskControllers = [
  SessionController,
  ConversationsController,
  ContactsController,
  ChannelsController,
  AccountsController,
  AccountFacesController,
  AgentsController,
  TokensController,
  AuditController,
  DeadLettersController,
  UploadsController,
  MediaController,
  OpenApiController,
];

/** The desk: what agents and integrators reach of the record, and what keeps them apart from each other. */
export class DeskModule {
  static with(context: AppContext<HubSettings>, options: DeskOptions): DynamicModule {
    const { clock, database, bus, secret, settings } = context;
    return {
      module: DeskModule,
      imports: [RecordModule.with(settings)],
      controllers: deskControllers,
      providers: [
        { provide: DESK, useValue: options },
        { provide: MediaLinks, useValue: new MediaLinks(secret.key('media-links'), clock) },
        { provide: DeadLetters, useValue: new DeadLetters(database, bus) },
        Access,
        Accounts,
        Agents,
        ApiTokens,
        Audit,
        AccountChecks,
        ChannelDirectory,
        DeskClients,
        DeskFeed,
        DeskGateway,
        InboxCounter,
        InboxPages,
        Sessions,
        SocketAccess,
        SocketMetrics,
      ],
    };
  }
}
