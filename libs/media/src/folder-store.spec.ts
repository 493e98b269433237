import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import { storeSuite } from '../testing/store-suite.ts';
import { FolderStore } from './folder-store.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'yixian-folder-store-'));

storeSuite('a folder', async () => {
  const folder = await newFolder();
  return {
    store: await FolderStore.open(join(folder, 'made/by/it'), systemClock),
    kept: async () => (await readdir(folder, { recursive: true })).sort(),
    stop: () => rm(folder, { recursive: true }),
  };
});

test('clears what a dead process left, not what a living one writes', async () => {
  const folder = await newFolder();
  await mkdir(join(folder, '.incoming'));
  await writeFile(join(folder, '.incoming/old'), 'half');
  await writeFile(join(folder, '.incoming/new'), 'half');
  const hoursAgo = new Date(systemClock.now() - 2 * 60 * 60 * 1000);
  await utimes(join(folder, '.incoming/old'), hoursAgo, hoursAgo);
  await FolderStore.open(folder, systemClock);
  expect(await readdir(join(folder, '.incoming'))).toEqual(['new']);
  await rm(folder, { recursive: true });
});

test('is not healthy once its folder is gone', async () => {
  const folder = await newFolder();
  const store = await FolderStore.open(folder, systemClock);
  await rm(folder, { recursive: true });
  expect(await store.healthy()).toBe(false);
});

test('keeps files for itself', async () => {
  const folder = await newFolder();
  const store = await FolderStore.open(folder, systemClock);
  const { key } = await store.put(Buffer.from('private'), { name: 'p' });
  expect((await stat(join(folder, key))).mode & 0o077).toBe(0);
  await rm(folder, { recursive: true });
});
