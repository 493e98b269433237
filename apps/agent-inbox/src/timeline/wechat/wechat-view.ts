import type { Entry } from '@yixian/contracts';

/** What an entry says of itself as a message of WeChat; the fields of each type are in the adapter's README. */
export interface WechatView {
  type: string;
  /** A field as text; '' where there is none. */
  text: (field: string) => string;
  number: (field: string) => number | undefined;
  object: (field: string) => Record<string, unknown> | undefined;
  list: (field: string) => Record<string, unknown>[];
  names: string[];
  raw: Record<string, unknown>;
}

/** `undefined` for entries that did not come from, or go to, WeChat. */
export function wechatViewOf({ payload }: Pick<Entry, 'payload'>): WechatView | undefined {
  const raw = payload['wechat'];
  if (!isObject(raw)) return undefined;
  return {
    type: textOf(raw['type']) || 'text',
    text: (field) => textOf(raw[field]),
    number: (field) => numberOf(raw[field]),
    object: (field) => (isObject(raw[field]) ? raw[field] : undefined),
    list: (field) => (Array.isArray(raw[field]) ? (raw[field] as unknown[]).filter(isObject) : []),
    names: Array.isArray(raw['names']) ? raw['names'].map(textOf).filter(Boolean) : [],
    raw,
  };
}

/** What happened rather than what was said: a line between the bubbles. */
export const isWechatLine = (view: WechatView | undefined): boolean =>
  view?.type === 'event' || view?.type === 'recalled';

const PICTURES =
  'image video shortvideo location link news miniprogram card product order channels merged menu template notice'.split(
    ' ',
  );

/** A picture, or a card with a frame of its own: it needs no bubble around it. */
export const isWechatPicture = (view: WechatView | undefined): boolean =>
  view !== undefined &&
  PICTURES.includes(view.type) &&
  !view.object('group') &&
  !view.object('quote') &&
  !view.text('missing');

/** Text, or a number as text: ids that fit neither are kept by the adapter as text. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What opens in a browser: web addresses only. */
export const webLink = (address: string): string | undefined =>
  /^https?:\/\//i.test(address) ? address : undefined;
