import { z } from 'zod';

export const DeadLetterId = z.string().regex(/^\d{1,15}$/);
