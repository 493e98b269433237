import { systemClock } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import { FolderStore } from './folder-store.ts';
import type { MediaStore } from './media-store.ts';
import type { S3Settings } from './s3/s3-client.ts';
import { S3Store } from './s3/s3-store.ts';

/** Where attachments are kept. */
export type MediaPlace = { folder: string } | { s3: S3Settings };

/** Opens the store. A folder is made if it is missing; a bucket must exist (see {@link MediaStore.healthy}). */
export async function openMediaStore(place: MediaPlace, clock: Clock = systemClock): Promise<MediaStore> {
  return 's3' in place ? S3Store.open(place.s3, clock) : FolderStore.open(place.folder, clock);
}
