import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { MAX_ATTACHMENT } from '@yixian/contracts';
import type { Attachment, Clock } from '@yixian/contracts';
import { isKey } from './content-key.ts';
import { describeFile } from './describe-file.ts';
import { receiveFile } from './incoming-file.ts';
import type { MediaStore, StoredMedia } from './media-store.ts';
import { sniffType } from './sniff-type.ts';

/** An upload takes minutes at most; what is older was left by a process that died. */
const ABANDONED_MS = 60 * 60 * 1000;
/** Types are sniffed again when served; a key's content never changes, so the newest are remembered. */
const REMEMBERED_TYPES = 10_000;

/** Attachments in a local folder: each appears under its name whole and flushed, or not at all. */
export class FolderStore implements MediaStore {
  private readonly incoming: string;
  private readonly types = new Map<string, string>();

  private constructor(private readonly folder: string) {
    this.incoming = join(folder, '.incoming');
  }

  /** Makes the folder if it is not there and clears what a crash left half. */
  static async open(folder: string, clock: Clock): Promise<FolderStore> {
    const store = new FolderStore(folder);
    await mkdir(store.incoming, { recursive: true, mode: 0o700 });
    await store.clearAbandoned(clock.now() - ABANDONED_MS);
    return store;
  }

  async put(content: Readable | Uint8Array, of: { name: string; maxBytes?: number }): Promise<Attachment> {
    const file = await receiveFile(content, {
      folder: this.incoming,
      maxBytes: of.maxBytes ?? MAX_ATTACHMENT,
    });
    try {
      const attachment = await describeFile(file, of.name);
      await this.keep(file.path, attachment.key);
      return attachment;
    } finally {
      await rm(file.path, { force: true });
    }
  }

  async get(key: string, range?: { start: number; end?: number }): Promise<StoredMedia | undefined> {
    if (!isKey(key)) return undefined;
    const path = join(this.folder, key);
    const file = await open(path).catch(undefinedIfMissing);
    if (!file) return undefined;
    try {
      const { size } = await file.stat();
      const type = await this.typeOf(key, path);
      return { content: file.createReadStream(range), size, type };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async healthy(): Promise<boolean> {
    return access(this.incoming, constants.W_OK).then(
      () => true,
      () => false,
    );
  }

  private async keep(from: string, key: string): Promise<void> {
    const to = join(this.folder, key);
    const created = await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(from, to);
    await flushFolder(dirname(to));
    // A new folder is durable once the folders above it are.
    if (created) await Promise.all([flushFolder(join(to, '../..')), flushFolder(this.folder)]);
  }

  private async typeOf(key: string, path: string): Promise<string> {
    const type = this.types.get(key) ?? (await sniffType(path));
    this.types.set(key, type);
    if (this.types.size > REMEMBERED_TYPES) this.types.delete(this.types.keys().next().value!);
    return type;
  }

  private async clearAbandoned(before: number): Promise<void> {
    for (const name of await readdir(this.incoming)) {
      const path = join(this.incoming, name);
      const found = await stat(path).catch(undefinedIfMissing);
      if (found && found.mtimeMs < before) await rm(path, { force: true });
    }
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}
