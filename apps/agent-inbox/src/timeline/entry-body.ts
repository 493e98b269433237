import type { Entry } from '@yixian/contracts';
import type { ComponentType } from 'react';
import type { BodyProps } from './body-props.ts';
import { MailBody } from './mail/mail-body.tsx';
import { mailViewOf } from './mail/mail-view.ts';
import { WechatBody, WechatLine } from './wechat/wechat-body.tsx';
import { isWechatLine, isWechatPicture, wechatViewOf } from './wechat/wechat-view.ts';

export interface EntryBody {
  Body: ComponentType<BodyProps>;
  /** `card`: a wide one with a ground of its own. `bare`: none, it has a frame already. `line`: a line between the bubbles. */
  shape: 'bubble' | 'card' | 'bare' | 'line';
}

/** Messages that are more than text and files, told by their payload. The first that fits. */
const bodies: (EntryBody & { fits: (entry: Entry) => boolean })[] = [
  { fits: (entry) => mailViewOf(entry) !== undefined, Body: MailBody, shape: 'card' },
  { fits: (entry) => isWechatLine(wechatViewOf(entry)), Body: WechatLine, shape: 'line' },
  { fits: (entry) => isWechatPicture(wechatViewOf(entry)), Body: WechatBody, shape: 'bare' },
  { fits: (entry) => wechatViewOf(entry) !== undefined, Body: WechatBody, shape: 'bubble' },
];

/** How a message is shown; `undefined`: as text and files. */
export const bodyOf = (entry: Entry): EntryBody | undefined => bodies.find(({ fits }) => fits(entry));
