import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '@yixian/service';
import { listSettings } from '@yixian/service';
import type { SettingDescription } from '@yixian/service';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/operating.md'), 'utf8');
/** The part of the page under a heading of the third level, or of the second. */
const section = (heading: string): string =>
  page.split(/^#{2,3} /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

/** Every source file that ships, below apps and libs. */
const shipped = ['apps', 'libs'].flatMap((parent) =>
  readdirSync(join(root, parent), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/src\/.*(?<!\.spec)\.ts$/.test(path))
    .map((path) => join(root, parent, path)),
);

/** The apps that there are, found by the files that declare them. */
async function everyApp(): Promise<App[]> {
  const files = shipped.filter((path) => /\/apps\/[^/]+\/src\/app\.ts$/.test(path));
  const modules = await Promise.all(files.map((file) => import(file) as Promise<Record<string, App>>));
  return modules.flatMap((exported) => Object.values(exported)).filter((value) => value.settings);
}

const rowOf = ({ name, description, default: preset, required }: SettingDescription): string => {
  const given = preset === undefined ? '' : `\`${String(preset)}\` `;
  return `| \`${name}\` | ${required ? '**needed** ' : given}| ${description} |`;
};

describe('docs/operating.md', () => {
  it('has every setting of the process and of every app, with its default and its meaning', async () => {
    const apps = await everyApp();
    const settings = listSettings(apps);
    expect(apps.map(({ name }) => name)).toEqual(expect.arrayContaining(['chat-widget', 'conversation-hub']));
    const absent = settings.filter(
      (one) => !section(one.of === 'service' ? 'Every process' : one.of).includes(rowOf(one)),
    );
    expect(absent.map(rowOf)).toEqual([]);
  });

  it('names no setting that does not exist', async () => {
    const known = new Set(listSettings(await everyApp()).map(({ name }) => name));
    const described = [...page.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map(([, name]) => name);
    expect(described.filter((name) => !known.has(name!))).toEqual([]);
    expect(described).toHaveLength(known.size);
  });

  it('says of every metric of ours what it means', () => {
    const names = shipped.flatMap((path) => [
      ...readFileSync(path, 'utf8').matchAll(/'(yixian_[a-z_]+_(?:total|seconds|sockets|connections))'/g),
    ]);
    expect(names.length).toBeGreaterThan(0);
    expect(names.map(([, name]) => name!).filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });
});
