import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './running-process.ts';

/** Runs `npm run admin -- …` beside the running system, and gives the last word it prints. */
export async function admin(env: Record<string, string>, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'dist/apps/conversation-hub/admin.js'), ...args],
    { env: { PATH: process.env.PATH, ...env } as NodeJS.ProcessEnv },
  );
  return stdout.trim().split(/\s+/).at(-1)!;
}
