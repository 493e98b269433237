import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ServerUser } from './server-user.ts';

/** May `user` walk down to `path`? True for ourselves. Judged by mode bits; ACLs could only allow more. */
export async function canTraverse(path: string, user: ServerUser): Promise<boolean> {
  if (user === 'self') return true;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const { uid, gid, mode } = await stat(folder);
    const execute = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & execute) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
