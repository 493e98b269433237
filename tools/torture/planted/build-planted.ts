import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plants } from './plants.ts';
import type { PlantName } from './plants.ts';
import { withPlant } from './with-plant.ts';

type BuildServer = (app: string, outDir: string) => Promise<void>;
type Bundle = (input: string, file: string) => Promise<string>;

const SOURCES = [
  'apps',
  'libs',
  'tools/build.mjs',
  'tools/typescript.mjs',
  'tools/torture',
  'package.json',
  'tsconfig.base.json',
];

/**
 * Puts the bug into a copy of the sources under `folder`, and builds from that copy whatever stands on them: the servers,
 * over those in `apps`, and the post office, over `postScript`. Both were built from the sources as they are.
 */
export async function buildPlanted(
  name: PlantName,
  { folder, apps, postScript }: { folder: string; apps: string; postScript: string },
): Promise<void> {
  const root = process.cwd();
  const copy = join(folder, 'sources');
  mkdirSync(copy);
  for (const part of SOURCES) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const edit of plants[name].edits) {
    const file = join(copy, edit.file);
    writeFileSync(file, withPlant(readFileSync(file, 'utf8'), [edit]));
  }
  const toolOf = (file: string): Promise<object> =>
    import(pathToFileURL(join(copy, 'tools', file)).href) as Promise<object>;
  const { buildServer } = (await toolOf('build.mjs')) as { buildServer: BuildServer };
  for (const app of ['standalone', 'conversation-hub', 'chat-widget'])
    await buildServer(app, join(apps, app));
  const { bundle } = (await toolOf('typescript.mjs')) as { bundle: Bundle };
  await bundle('tools/torture/post/main.ts', postScript);
}
