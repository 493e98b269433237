import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plants } from './plants.ts';
import type { PlantName } from './plants.ts';
import { withPlant } from './with-plant.ts';

type BuildServer = (app: string, outDir: string) => Promise<void>;

/**
 * Puts the bug into a copy of the sources under `folder` and builds the servers of that copy over those in `apps`,
 * which were built from the sources as they are.
 */
export async function buildPlanted(name: PlantName, apps: string, folder: string): Promise<void> {
  const root = process.cwd();
  const copy = join(folder, 'sources');
  mkdirSync(copy);
  for (const part of ['apps', 'libs', 'tools/build.mjs', 'package.json', 'tsconfig.base.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const edit of plants[name].edits) {
    const file = join(copy, edit.file);
    writeFileSync(file, withPlant(readFileSync(file, 'utf8'), [edit]));
  }
  const { buildServer } = (await import(pathToFileURL(join(copy, 'tools/build.mjs')).href)) as {
    buildServer: BuildServer;
  };
  for (const app of ['standalone', 'conversation-hub', 'chat-widget'])
    await buildServer(app, join(apps, app));
}
