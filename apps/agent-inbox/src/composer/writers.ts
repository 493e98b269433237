import type { Conversation } from '@yixian/contracts';
import { type ComponentType, lazy, type Ref } from 'react';
import { PlainWriter } from './plain-writer.tsx';
import type { Writing } from './use-writing.ts';
import { TemplateForm } from './wechat/template-form.tsx';
import { WechatWriter } from './wechat/wechat-writer.tsx';

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

export interface AlternativeProps extends Omit<WriterProps, 'ref'> {
  onClose: () => void;
}

type Writer = ComponentType<WriterProps>;

/** Channels whose replies are more than text and files. */
const writers: Record<string, Writer> = {
  wechat: WechatWriter,
  email: lazy(async () => ({ default: (await import('./mail/mail-writer.tsx')).MailWriter })),
};

/** What can be sent when an ordinary message may not: by the codes that channels give in an allowance. */
const alternatives: Record<string, ComponentType<AlternativeProps>> = { template: TemplateForm };

export const alternativeOf = (code: string): ComponentType<AlternativeProps> | undefined =>
  Object.hasOwn(alternatives, code) ? alternatives[code] : undefined;

/** What replies of a channel are written in. */
export const writerOf = (channel: string): Writer => writers[channel] ?? PlainWriter;
