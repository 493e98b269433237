import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** The settings that exist: the page that lists them is held against the code by a test of its own. */
const settings = [
  ...readFileSync(join(root, 'docs/operating.md'), 'utf8').matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm),
].map(([, name]) => name);

/** The apps that run as services. */
const apps = readdirSync(join(root, 'apps')).filter(
  (app) => app !== 'standalone' && existsSync(join(root, 'apps', app, 'src/main.ts')),
);

export const known = { settings, apps };
