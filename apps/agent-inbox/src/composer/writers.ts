import { lazy } from 'react';
import { PlainWriter } from './plain-writer.tsx';
import { WechatWriter } from './wechat/wechat-writer.tsx';
import type { Writer } from './writer.ts';

/** Channels whose replies are more than text and files. */
const writers: Record<string, Writer> = {
  wechat: WechatWriter,
  email: lazy(async () => ({ default: (await import('./mail/mail-writer.tsx')).MailWriter })),
};

/** What replies of a channel are written in. */
export const writerOf = (channel: string): Writer => writers[channel] ?? PlainWriter;
