import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { AccountId } from '@yixian/contracts';
import { SitePages } from './site-pages.ts';
import { UiFiles } from './ui-files.ts';
import { SiteSettings } from '../site.ts';

const KB = 1024;

let folder: string;
let sizes: Map<string, number>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yixian-widget-build-'));
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../build.mjs'), folder]);
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|css|html)$/.test(name));
  const weigh = async (name: string) => gzipSync(await readFile(join(folder, name)), { level: 9 }).length;
  sizes = new Map(await Promise.all(names.map(async (name) => [name, await weigh(name)] as const)));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const weight = (pattern: RegExp): number => {
  const found = [...sizes].filter(([name]) => pattern.test(name));
  expect(found).not.toEqual([]);
  return Math.max(...found.map(([, size]) => size));
};
/** As it is served, with a site in it. */
function loader(): number {
  const settings = SiteSettings.parse({ greeting: '您好，需要帮您挑一款茶吗？', color: '#2f5d46' });
  const site = { ...settings, id: 'demo' as AccountId, name: '山岚茶舍' };
  return new SitePages(UiFiles.read(folder)).loader(site).gzip.length;
}
const panel = () =>
  weight(/^panel\.html$/) + weight(/panel-.*\.js$/) + weight(/panel-.*\.css$/) + weight(/words\..*\.js$/);

test('what every page of a shop loads is at most 3 KB', () => {
  expect(loader()).toBeLessThanOrEqual(3 * KB);
});

test('the opened widget is at most 20 KB in all', () => {
  expect(loader() + panel()).toBeLessThanOrEqual(20 * KB);
});

test('what is loaded later is at most 15 KB each', () => {
  expect(weight(/polling-wire-.*\.js$/)).toBeLessThanOrEqual(15 * KB);
  expect(weight(/extras-.*\.js$/)).toBeLessThanOrEqual(15 * KB);
});

test('what the build has compressed is served as it is', async () => {
  const name = (await readdir(join(folder, 'assets'))).find((found) => /^panel-.*\.css$/.test(found))!;
  const served = UiFiles.read(folder)?.asset(name);
  const built = (twin: string) => readFile(join(folder, 'assets', `${name}${twin}`));
  expect(served).toMatchObject({ plain: await built(''), gzip: await built('.gz'), br: await built('.br') });
});
