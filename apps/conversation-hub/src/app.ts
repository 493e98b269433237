import { join } from 'node:path';
import type { App } from '@yixian/service';
import { DeskModule } from './desk/desk.module.ts';
import { deskSchema } from './desk-schema.ts';
import { hubSchema } from './hub-schema.ts';
import { hubSettings } from './settings.ts';

/** The record and the desk's API: the only writer of contacts, conversations and entries. */
export const conversationHub: App<typeof hubSettings> = {
  name: 'conversation-hub',
  settings: hubSettings,
  schema: {
    entities: [...hubSchema.entities, ...deskSchema.entities],
    migrations: [...hubSchema.migrations, ...deskSchema.migrations],
  },
  module: (context) =>
    DeskModule.with(context, {
      publicUrl: context.publicUrl,
      trustProxy: context.trustProxy,
      // A bundle lies in dist/apps/<app>/, and the inbox beside it.
      inboxDir: context.settings.INBOX_DIR ?? join(import.meta.dirname, '../agent-inbox'),
      connectionsPerSecond: context.settings.CONNECTIONS_PER_SECOND,
    }),
};
