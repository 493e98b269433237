import { z } from 'zod';

const perSecond = (what: string, normal: number) =>
  z.coerce.number('must be a number').positive('must be above 0').default(normal).describe(what);

/** What the chat widget reads from its environment. */
export const ChatWidgetSettings = z.object({
  WIDGET_UI_DIR: z
    .string()
    .optional()
    .describe("Folder of the widget's built browser part. Default: found beside the program."),
  VISITOR_CONNECTS_PER_SECOND: perSecond(
    'Chat connections that one network address may open per second; twice as many at once.',
    10,
  ),
  VISITOR_MESSAGES_PER_SECOND: perSecond(
    'Messages that one visitor may write per second; ten times as many at once. An address: 25 times that.',
    2,
  ),
});

export type ChatWidgetSettings = z.infer<typeof ChatWidgetSettings>;
