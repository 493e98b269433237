import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { keptSecret, masterSecret } from './master-secret.ts';
import { mediaPlace } from './service-settings.ts';
import { listSettings, readSettings, SettingsError } from './settings.ts';

const app = {
  name: 'shop',
  settings: z.object({
    SHOP_DAYS: z.coerce
      .number('must be a number')
      .min(1, 'must be at least 1')
      .default(7)
      .describe('Days to keep.'),
    SHOP_KEY: z.string().describe('The key of the shop.'),
  }),
};
const good = { SHOP_KEY: 'k' };

/** The mistakes found, as lines. */
function mistakes(environment: Record<string, string>): string[] {
  try {
    readSettings([app], environment);
    return [];
  } catch (error) {
    return (error as SettingsError).mistakes.map(({ name, message }) => `${name} ${message}`);
  }
}

describe('settings', () => {
  it('have defaults that work on a laptop', () => {
    const { service, apps } = readSettings([app], good);
    expect(service).toMatchObject({
      PORT: 3000,
      INTERNAL_PORT: 9464,
      INTERNAL_HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    });
    expect(service.DATA_DIR).toBe(join(process.cwd(), 'data'));
    expect(apps.get('shop')).toEqual({ SHOP_DAYS: 7, SHOP_KEY: 'k' });
  });

  it('that are wrong are told all together, of all packages, without their values', () => {
    const secret = 'short-secret-value';
    expect(mistakes({ PORT: 'many', YIXIAN_SECRET: secret, SHOP_DAYS: '0', LOG_LEVEL: 'loud' })).toEqual([
      'PORT must be a port number',
      'YIXIAN_SECRET must have at least 32 characters, such as from: openssl rand -hex 32',
      'LOG_LEVEL must be debug, info, warn, error or silent',
      'SHOP_DAYS must be at least 1',
      'SHOP_KEY is missing',
    ]);
    expect(mistakes({ YIXIAN_SECRET: secret }).join()).not.toContain(secret);
  });

  it('that are empty count as not given', () => {
    expect(mistakes({ ...good, PORT: '', KAFKA_BROKERS: '', DATABASE_URL: '' })).toEqual([]);
  });

  it('of a shared database need a secret that all processes have', () => {
    const shared = { ...good, DATABASE_URL: 'postgresql://a:b@db/yixian' };
    expect(mistakes(shared)).toEqual([
      'YIXIAN_SECRET is needed with DATABASE_URL: every process of one database must have the same',
    ]);
    expect(mistakes({ ...shared, YIXIAN_SECRET: 'x'.repeat(32) })).toEqual([]);
    expect(mistakes({ ...good, DATABASE_URL: 'mysql://db' })).toEqual([
      'DATABASE_URL must be a URL such as postgresql://user:password@host/name',
    ]);
  });

  it('name brokers by host and port', () => {
    const brokers = (list: string) =>
      readSettings([app], { ...good, KAFKA_BROKERS: list }).service.KAFKA_BROKERS;
    expect(brokers('a:9092, b:9092')).toEqual(['a:9092', 'b:9092']);
    expect(mistakes({ ...good, KAFKA_BROKERS: 'a' })).toEqual([
      'KAFKA_BROKERS must be host:port, host:port, …',
    ]);
  });

  it('say where attachments go, a folder or a bucket, never half of one', () => {
    const bucket = {
      MEDIA_S3_ENDPOINT: 'https://s3.example',
      MEDIA_S3_BUCKET: 'b',
      MEDIA_S3_ACCESS_KEY_ID: 'id',
      MEDIA_S3_SECRET_ACCESS_KEY: 'key',
    };
    expect(mediaPlace(readSettings([app], { ...good, DATA_DIR: '/d' }).service)).toEqual({
      folder: '/d/media',
    });
    expect(mediaPlace(readSettings([app], { ...good, ...bucket }).service)).toMatchObject({
      s3: { bucket: 'b' },
    });
    expect(mistakes({ ...good, MEDIA_FOLDER: '/m', MEDIA_S3_BUCKET: 'b' })).toHaveLength(4);
  });

  it('are listed with what they mean, for the documentation', () => {
    const list = listSettings([app]);
    expect(list.find(({ name }) => name === 'PORT')).toMatchObject({
      of: 'service',
      default: 3000,
      required: false,
    });
    expect(list.filter(({ of }) => of === 'shop')).toEqual([
      { name: 'SHOP_DAYS', description: 'Days to keep.', default: 7, required: false, of: 'shop' },
      {
        name: 'SHOP_KEY',
        description: 'The key of the shop.',
        default: undefined,
        required: true,
        of: 'shop',
      },
    ]);
    expect(list.filter(({ description }) => description === '')).toEqual([]);
  });
});

describe('the master secret', () => {
  it('gives one key for each purpose, always the same', () => {
    const secret = masterSecret('s'.repeat(32));
    expect(secret.key('media-links')).toHaveLength(32);
    expect(secret.key('media-links')).toEqual(masterSecret('s'.repeat(32)).key('media-links'));
    expect(secret.key('account-settings')).not.toEqual(secret.key('media-links'));
    expect(masterSecret('t'.repeat(32)).key('media-links')).not.toEqual(secret.key('media-links'));
  });

  it('is made once, for the owner alone, also by two that start at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yixian-secret-'));
    const dataDir = join(folder, 'data');
    const [one, other] = await Promise.all([keptSecret(dataDir), keptSecret(dataDir)]);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(other).toBe(one);
    expect(await keptSecret(dataDir)).toBe(one);
    expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600);
    await rm(folder, { recursive: true });
  });
});
