import { DeliveryError } from '@yixian/channel';
import type { Payload } from '@yixian/contracts';
import { z } from 'zod';

const short = z.string().max(200);
const url = z.url({ protocol: /^https?$/ }).max(2000);
const data = z.record(z.string().max(64), z.string().max(500));

/** What an agent may put into `payload.wechat` of a reply; the README says what becomes of each. */
export const ReplyPayload = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({
    type: z.literal('news'),
    title: short.min(1),
    description: z.string().max(500).default(''),
    url,
    imageUrl: url.optional(),
  }),
  z.object({
    type: z.literal('menu'),
    head: z.string().max(1000).default(''),
    items: z
      .array(z.object({ id: z.string().min(1).max(128), text: short.min(1) }))
      .min(1)
      .max(10),
    tail: z.string().max(1000).default(''),
  }),
  z.object({
    type: z.literal('miniprogram'),
    title: short.min(1),
    appId: z.string().regex(/^wx\w{8,32}$/),
    pagePath: z.string().min(1).max(1000),
  }),
  z.object({
    type: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: short.default(''),
    label: short.default(''),
  }),
  z.object({ type: z.literal('template'), templateId: short.min(1), url: url.optional(), data }),
  z.object({
    type: z.literal('notice'),
    templateId: short.min(1),
    page: z.string().max(1000).optional(),
    data,
  }),
  /** Without a person: to the pool, where whoever of WeCom is free takes it. */
  z.object({ type: z.literal('handover'), userId: z.string().min(1).max(64).optional() }),
]);
export type ReplyPayload = z.infer<typeof ReplyPayload>;

/** What a reply asks for. Throws `DeliveryError` `content_refused` when it makes no sense. */
export function replyIn(payload: Payload): ReplyPayload {
  if (payload.wechat === undefined) return { type: 'text' };
  const parsed = ReplyPayload.safeParse(payload.wechat);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues.map(({ path, message: why }) => `${path.join('.')}: ${why}`).join('; ');
  throw new DeliveryError('content_refused', { retryable: false, certain: true, message });
}
