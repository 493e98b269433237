import type { Payload } from '@yixian/contracts';

type Value = Payload[string] | undefined;

/** What stands in `payload.wechat`; the shapes are in the README. Fields that were not sent are left out. */
export function wechatPayload(type: string, fields: Record<string, Value> = {}): Payload {
  return { type, ...(compact(fields) as Payload) };
}

/** Without what is not there: undefined, empty text, empty objects. */
export function compact(fields: Record<string, Value>): Payload {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(given) as Payload;
}
