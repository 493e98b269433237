import type { DynamicModule } from '@nestjs/common';
import { Contacts } from '../contacts/contacts.ts';
import { Conversations } from '../conversations/conversations.ts';
import { WaitingLine } from '../conversations/waiting-line.ts';
import { Timeline } from '../timeline/timeline.ts';
import { RECORD_SETTINGS } from './intake-settings.ts';
import type { RecordSettings } from './intake-settings.ts';
import { Intake } from './intake.ts';

/** The record: who the customers are, what was said, and the intake that writes it down. */
export class RecordModule {
  static with(settings: RecordSettings): DynamicModule {
    return {
      module: RecordModule,
      controllers: [Intake],
      providers: [
        { provide: RECORD_SETTINGS, useValue: settings },
        WaitingLine,
        Conversations,
        Contacts,
        Timeline,
      ],
      exports: [Conversations, Contacts, Timeline],
    };
  }
}
