import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import { S3Server } from '../../testing/s3-server.ts';
import { storeSuite } from '../../testing/store-suite.ts';
import { MediaUnavailable } from '../media-error.ts';
import { S3Store } from './s3-store.ts';

storeSuite('a bucket', async () => {
  const server = await S3Server.start();
  return {
    store: await S3Store.open(server.settings, systemClock),
    kept: async () => [...server.objects.keys()].sort(),
    stop: () => server.stop(),
  };
});

describe('a bucket that misbehaves', () => {
  let server: S3Server;
  beforeEach(async () => {
    server = await S3Server.start();
  });
  afterEach(() => server.stop());

  /** Pauses pass at once. */
  const hasty: Clock = { ...systemClock, after: (_, work) => systemClock.after(0, work) };

  test('is asked again after 503 and after hanging up, with the whole file', async () => {
    const store = await S3Store.open(server.settings, hasty);
    server.misbehave('unavailable', 'hang up');
    const content = randomBytes(200_000);
    const { key } = await store.put(content, { name: 'f' });
    expect(server.objects.get(key)!.body).toEqual(content);
    expect(server.requests).toHaveLength(3);
  });

  test('is given up on, saying that it may be tried later', async () => {
    const store = await S3Store.open(server.settings, hasty);
    server.misbehave('unavailable', 'unavailable', 'hang up', 'unavailable');
    const failed = store.put(Buffer.from('x'), { name: 'f' });
    await expect(failed).rejects.toThrow(MediaUnavailable);
    await expect(failed).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(server.objects.size).toBe(0);
  });

  test('breaks the stream when it cuts off, instead of ending it short', async () => {
    const store = await S3Store.open(server.settings, hasty);
    const { key } = await store.put(randomBytes(100_000), { name: 'f' });
    server.misbehave('cut');
    const stored = await store.get(key);
    await expect(buffer(stored!.content)).rejects.toThrow('aborted');
  });

  test('refuses a wrong secret, which is not "no such file"', async () => {
    const store = await S3Store.open({ ...server.settings, secretAccessKey: 'wrong' }, hasty);
    await expect(store.put(Buffer.from('x'), { name: 'f' })).rejects.toThrow('refused PUT with 403');
    await expect(store.get(`aa/aa/${'a'.repeat(64)}`)).rejects.toThrow('refused GET with 403');
    expect(await store.healthy()).toBe(false);
  });

  test('that is down is not healthy', async () => {
    const store = await S3Store.open({ ...server.settings, endpoint: 'http://127.0.0.1:1' }, hasty);
    expect(await store.healthy()).toBe(false);
  });
});
