import { z } from 'zod';
import { recordSettings } from './intake/intake-settings.ts';

/** What the hub reads from the environment beside what every service does. */
export const hubSettings = recordSettings.extend({
  INBOX_DIR: z
    .string()
    .optional()
    .describe("Folder of the inbox's built files. Default: agent-inbox beside the running bundle."),
  CONNECTIONS_PER_SECOND: z.coerce
    .number('must be a number')
    .min(1, 'must be at least 1')
    .default(50)
    .describe('New socket connections that one network address may open per second.'),
});
export type HubSettings = z.infer<typeof hubSettings>;

/** The environment of this process, for the commands that run without the service. */
export const environment = (): Record<string, string | undefined> => process.env;
