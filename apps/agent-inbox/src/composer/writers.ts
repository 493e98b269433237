import type { Conversation } from '@yixian/contracts';
import { type ComponentType, lazy, type Ref } from 'react';
import { PlainWriter } from './plain-writer.tsx';
import type { Writing } from './use-writing.ts';

/** What the composer asks of whatever is written in. */
export interface WriterHandle {
  focus(): void;
  /** Puts the words into the reply as a quotation. */
  quote(text: string): void;
}

export interface WriterProps {
  ref: Ref<WriterHandle>;
  conversation: Conversation;
  writing: Writing;
}

type Writer = ComponentType<WriterProps>;

/** Channels whose replies are more than text and files. */
const writers: Record<string, Writer> = {
  email: lazy(async () => ({ default: (await import('./mail/mail-writer.tsx')).MailWriter })),
};

/** What replies of a channel are written in. */
export const writerOf = (channel: string): Writer => writers[channel] ?? PlainWriter;
