import { randomBytes } from 'node:crypto';
import { PeerError } from './peer-error.ts';

export interface PeerFile {
  content: Buffer;
  name: string;
  type: string;
}

interface Limit {
  largest: number;
  accepts: RegExp;
}

const MEGABYTE = 1024 * 1024;
const limits: Record<string, Limit> = {
  image: { largest: 10 * MEGABYTE, accepts: /^image\// },
  voice: { largest: 2 * MEGABYTE, accepts: /^audio\// },
  video: { largest: 10 * MEGABYTE, accepts: /^video\/mp4$/ },
  file: { largest: 20 * MEGABYTE, accepts: /./ },
};

/** Temporary files of one account: three days, by id. */
export class Files {
  private readonly kept = new Map<string, PeerFile>();

  add(file: PeerFile): string {
    const id = `media-${randomBytes(24).toString('base64url')}`;
    this.kept.set(id, file);
    return id;
  }

  /** What came by `media/upload`. Throws 40004 (type) and 40009 (size). */
  upload(type: string, file: PeerFile): Record<string, string | number> {
    const limit = limits[type];
    if (!limit || !limit.accepts.test(file.type))
      throw new PeerError(40004, `invalid media type ${file.type}`);
    if (file.content.length > limit.largest) throw new PeerError(40009, 'invalid image size');
    return { type, media_id: this.add(file), created_at: 1 };
  }

  /** Throws 40007. */
  get(id: string | null): PeerFile {
    const file = this.kept.get(id ?? '');
    if (!file) throw new PeerError(40007, 'invalid media_id');
    return file;
  }

  forget(id: string): void {
    this.kept.delete(id);
  }
}
