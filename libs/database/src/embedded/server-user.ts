import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EmbeddedError } from './embedded-error.ts';

/** Whom the server runs as: PostgreSQL refuses to run as root. */
export type ServerUser = 'self' | { uid: number; gid: number };

/**
 * The user for the server of a data directory. An existing directory decides by its owner. For a new one root takes
 * the owner of the folder it will lie in (so that `sudo npm start` in somebody's project leaves them their data), or
 * else the system's `postgres` or `nobody`.
 */
export async function serverUserFor(cluster: string): Promise<ServerUser> {
  const me = process.getuid?.();
  const { path, uid, gid } = await nearest(cluster);
  if (me === 0) return (await hasAccount(uid)) ? { uid, gid } : systemUser();
  if (path === resolve(cluster) && uid !== me) {
    throw new EmbeddedError(
      'data_owner',
      `${cluster} belongs to another user (uid ${uid}): it was made when the service ran as root or as that user. ` +
        `Run the service as that user, or stop it and give the folder to yours (chown -R ${me} ${cluster}).`,
    );
  }
  return 'self';
}

async function nearest(path: string): Promise<{ path: string; uid: number; gid: number }> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found) return { path: folder, uid: found.uid, gid: found.gid };
  }
}

/** PostgreSQL wants an account for the user it runs as, and not root's. */
async function hasAccount(uid: number): Promise<boolean> {
  return uid !== 0 && (await accounts()).some(([, , id]) => Number(id) === uid);
}

async function accounts(): Promise<string[][]> {
  return (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
}

async function systemUser(): Promise<ServerUser> {
  const lines = await accounts();
  const line = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  const [uid, gid] = [Number(line?.[2]), Number(line?.[3])];
  if (!line || !(uid > 0)) {
    throw new EmbeddedError(
      'data_owner',
      'PostgreSQL cannot run as root, and this system has neither a user `postgres` nor `nobody`. ' +
        'Run the service as an ordinary user.',
    );
  }
  return { uid, gid };
}
