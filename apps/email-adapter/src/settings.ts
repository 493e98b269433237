import { z } from 'zod';

const number = (what: string, normal: number, { min, max }: { min: number; max: number }) =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(normal)
    .describe(what);

/** What the e-mail adapter reads from its environment. */
export const EmailSettings = z.object({
  MAIL_IN: z
    .enum(['smtp', 'lmtp', 'off'], 'must be smtp, lmtp or off')
    .default('smtp')
    .describe('Protocol of the built-in mail receiver: smtp, lmtp (behind Postfix and the like), or off.'),
  MAIL_IN_PORT: z.coerce
    .number('must be a port number')
    .int('must be a port number')
    .min(0, 'must be a port number, 0 to 65535')
    .max(65535, 'must be a port number, 0 to 65535')
    .optional()
    .describe('Its port. 0 takes a free one. Default: 2525, or a free one where that is taken.'),
  MAIL_IN_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address it listens on; 0.0.0.0 lets other machines reach it.'),
  MAIL_IN_CERT: z
    .string()
    .optional()
    .describe('File of its TLS certificate (PEM). With it and the key STARTTLS is offered.'),
  MAIL_IN_KEY: z.string().optional().describe('File of the key of that certificate (PEM).'),
  MAIL_IN_TLS: z
    .enum(['offered', 'required'], 'must be offered or required')
    .default('offered')
    .describe(
      'required: no mail without STARTTLS. Not for what the whole Internet writes to (RFC 3207, section 4).',
    ),
  MAIL_HOSTNAME: z
    .string()
    .optional()
    .describe('The name it and our SMTP client greet with. Default: the name of the machine.'),
  MAIL_MAX_MB: number('The largest mail that is taken, in megabytes.', 25, { min: 1, max: 100 }),
  MAIL_IN_CONNECTIONS: number('Connections it serves at once.', 100, { min: 1, max: 10_000 }),
  MAIL_IN_RECIPIENTS: number('Recipients that one mail may name.', 100, { min: 1, max: 10_000 }),
  MAIL_IN_PER_SECOND: number(
    'Mails that one network address may bring per second; twenty times as many at once.',
    5,
    { min: 1, max: 10_000 },
  ),
  MAIL_TRUSTED_NETWORKS: z
    .string()
    .default('127.0.0.0/8,::1/128')
    .transform((list) =>
      list
        .split(',')
        .map((network) => network.trim())
        .filter(Boolean),
    )
    .pipe(
      z.array(z.string().regex(/^[0-9a-fA-F:.]+\/\d{1,3}$/, 'must be networks such as 10.0.0.0/8, fd00::/8')),
    )
    .describe('Networks of mail servers in front of us: no rate limit, and their verdicts are believed.'),
  MAIL_AUTHSERV_ID: z
    .string()
    .optional()
    .describe('The authserv-id by which our front server signs its Authentication-Results (RFC 8601).'),
});
export type EmailSettings = z.infer<typeof EmailSettings>;
