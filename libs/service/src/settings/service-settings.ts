import { join, resolve } from 'node:path';
import { z } from 'zod';
import { SHORTEST_SECRET } from './master-secret.ts';

const port = z.coerce
  .number('must be a port number')
  .int('must be a port number')
  .min(0, 'must be a port number, 0 to 65535')
  .max(65535, 'must be a port number, 0 to 65535');
const url = (protocol: RegExp, example: string) =>
  z.url({ protocol, error: `must be a URL such as ${example}` });

/** What a process reads from its environment, whatever apps it runs. */
export const ServiceSettings = z.object({
  PORT: port.default(3000).describe('Port of the public HTTP and WebSocket server. 0 takes a free one.'),
  HOST: z.string().optional().describe('Address the public server listens on. Default: all.'),
  INTERNAL_PORT: port
    .default(9464)
    .describe('Port of /livez, /readyz and /metrics. 0 takes a free one. Never expose it.'),
  INTERNAL_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address of the internal server; 0.0.0.0 lets a cluster reach it.'),
  PUBLIC_URL: url(/^https?$/, 'https://desk.example.com')
    .optional()
    .describe('How browsers reach the public server. https makes cookies secure and sends HSTS.'),
  TRUST_PROXY: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(0, 'must not be negative')
    .max(10, 'must be at most 10')
    .default(0)
    .describe('How many reverse proxies stand in front; the client address is taken from X-Forwarded-For.'),
  DATA_DIR: z
    .string()
    .default('./data')
    .transform((path) => resolve(path))
    .describe('Folder of the embedded database, of attachments and of the secret.'),
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgresql://user:password@host/name')
    .optional()
    .describe('PostgreSQL server (15 or newer). Without it one runs inside, in DATA_DIR/postgres.'),
  DATABASE_POOL: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(2, 'must be at least 2')
    .max(200, 'must be at most 200')
    .default(10)
    .describe('Most database connections of this process.'),
  MIGRATE: z
    .enum(['start', 'wait'], 'must be start or wait')
    .default('start')
    .describe(
      'start: bring the schema up to date at start. wait: a migration job does; not ready until it has.',
    ),
  KAFKA_BROKERS: z
    .string()
    .transform((list) => list.split(',').map((broker) => broker.trim()))
    .pipe(z.array(z.string().regex(/^[^\s:]+:\d+$/, 'must be host:port, host:port, …')))
    .optional()
    .describe(
      'Kafka brokers, host:port separated by commas. Without them the bus is a table of the database.',
    ),
  YIXIAN_SECRET: z
    .string()
    .min(
      SHORTEST_SECRET,
      `must have at least ${SHORTEST_SECRET} characters, such as from: openssl rand -hex 32`,
    )
    .optional()
    .describe(
      'Master secret for sealing and signing. Needed with DATABASE_URL; else made once in DATA_DIR/secret.',
    ),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
    .default('info')
    .describe('The least serious lines to log.'),
  MEDIA_FOLDER: z.string().optional().describe('Folder of attachments. Default: DATA_DIR/media.'),
  MEDIA_S3_ENDPOINT: url(/^https?$/, 'https://s3.eu-west-1.amazonaws.com')
    .optional()
    .describe('S3 service for attachments instead of a folder.'),
  MEDIA_S3_BUCKET: z.string().optional().describe('Its bucket.'),
  MEDIA_S3_REGION: z.string().default('us-east-1').describe('Its region.'),
  MEDIA_S3_ACCESS_KEY_ID: z.string().optional().describe('Its access key.'),
  MEDIA_S3_SECRET_ACCESS_KEY: z.string().optional().describe('Its secret key.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(/^https?$/, 'http://collector:4318')
    .optional()
    .describe('OpenTelemetry collector (OTLP over HTTP) for traces. Without it none are made.'),
});

export type ServiceSettings = z.infer<typeof ServiceSettings>;

/** What one setting says about others. */
export function contradictions(settings: ServiceSettings): { name: string; message: string }[] {
  const wrong: { name: string; message: string }[] = [];
  if (settings.DATABASE_URL && !settings.YIXIAN_SECRET) {
    wrong.push({
      name: 'YIXIAN_SECRET',
      message: 'is needed with DATABASE_URL: every process of one database must have the same',
    });
  }
  const s3 = [
    'MEDIA_S3_ENDPOINT',
    'MEDIA_S3_BUCKET',
    'MEDIA_S3_ACCESS_KEY_ID',
    'MEDIA_S3_SECRET_ACCESS_KEY',
  ] as const;
  const given = s3.filter((name) => settings[name] !== undefined);
  if (given.length === 0) return wrong;
  if (settings.MEDIA_FOLDER)
    wrong.push({ name: 'MEDIA_FOLDER', message: 'cannot be given beside MEDIA_S3_*' });
  for (const name of s3.filter((missing) => settings[missing] === undefined)) {
    wrong.push({ name, message: `is needed with ${given.join(', ')}` });
  }
  return wrong;
}

/** Where attachments go. */
export function mediaPlace(settings: ServiceSettings) {
  const { MEDIA_S3_ENDPOINT, MEDIA_S3_BUCKET, MEDIA_S3_ACCESS_KEY_ID, MEDIA_S3_SECRET_ACCESS_KEY } = settings;
  if (MEDIA_S3_ENDPOINT && MEDIA_S3_BUCKET && MEDIA_S3_ACCESS_KEY_ID && MEDIA_S3_SECRET_ACCESS_KEY) {
    return {
      s3: {
        endpoint: MEDIA_S3_ENDPOINT,
        bucket: MEDIA_S3_BUCKET,
        region: settings.MEDIA_S3_REGION,
        accessKeyId: MEDIA_S3_ACCESS_KEY_ID,
        secretAccessKey: MEDIA_S3_SECRET_ACCESS_KEY,
      },
    };
  }
  return { folder: settings.MEDIA_FOLDER ?? join(settings.DATA_DIR, 'media') };
}
