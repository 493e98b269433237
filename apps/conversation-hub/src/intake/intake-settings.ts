import { z } from 'zod';

/** What the intake reads from the environment. */
export const recordSettings = z.object({
  REOPEN_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(7)
    .describe('A conversation closed less than this many days ago goes on when its customer writes again.'),
});
export type RecordSettings = z.infer<typeof recordSettings>;

/** Injection token of {@link RecordSettings}. */
export const RECORD_SETTINGS = Symbol('RECORD_SETTINGS');

export const defaultRecordSettings: RecordSettings = recordSettings.parse({});
