import type { Conversation } from '@yixian/contracts';
import type { ComponentType, Ref } from 'react';
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

/** What replies are written in. */
export type Writer = ComponentType<WriterProps>;
