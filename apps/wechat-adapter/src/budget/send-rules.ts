/** What a customer did that lets us write to them. */
export type Opening = 'message' | 'menu' | 'subscribe' | 'scan' | 'payment';

/** How much may be written after something a customer did. */
export interface SendRule {
  /** For how long, in ms. */
  windowMs: number;
  /** How many messages; null: as many as wanted. */
  messages: number | null;
}

/** What Tencent allows for one kind of account, as data. */
export interface SendRules {
  rules: Partial<Record<Opening, SendRule>>;
  /** What may be sent when nothing else may, as the desk knows it. */
  alternatives: string[];
  /** Where Tencent says so. */
  source: string;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Service and subscription accounts. The count was 20 until 2024; it is per message of the customer. */
export const officialAccountRules: SendRules = {
  rules: {
    message: { windowMs: 48 * HOUR, messages: 5 },
    menu: { windowMs: MINUTE, messages: 3 },
    subscribe: { windowMs: MINUTE, messages: 3 },
    scan: { windowMs: MINUTE, messages: 3 },
    payment: { windowMs: 48 * HOUR, messages: null },
  },
  alternatives: ['template', 'notice'],
  source: 'https://developers.weixin.qq.com/doc/service/guide/product/kf/intro.html',
};

/** WeCom customer service. */
export const wecomKfRules: SendRules = {
  rules: { message: { windowMs: 48 * HOUR, messages: 5 } },
  alternatives: [],
  source: 'https://developer.work.weixin.qq.com/document/path/94677',
};

/** A bot is bound to nothing but the patience of Tencent. */
export const noRules: SendRules = { rules: {}, alternatives: [], source: 'https://wechaty.js.org' };

/** Windows of a minute and windows of two days are counted apart: what ends first is used first. */
export type Span = 'moment' | 'long';
export const spanOf = ({ windowMs }: SendRule): Span => (windowMs <= MINUTE ? 'moment' : 'long');

/** Ours end a little before Tencent's, since a request takes time to get there, in ms. */
export const marginOf = (span: Span): number => (span === 'moment' ? 3_000 : MINUTE);
