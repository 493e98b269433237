import type { VisitorLocale } from '@yixian/contracts/visitor-socket';

const zh = {
  open: '打开聊天',
  close: '关闭聊天',
  dismiss: '关闭提示',
  unread: (n: number) => ` (${n} 条新消息)`,
};
const en: typeof zh = {
  open: 'Open chat',
  close: 'Close chat',
  dismiss: 'Dismiss',
  unread: (n) => ` (${n} new)`,
};

export const wordsOf = (locale: VisitorLocale) => (locale === 'en' ? en : zh);
