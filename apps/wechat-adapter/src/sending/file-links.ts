import type { Attachment, Clock } from '@yixian/contracts';
import { MediaLinks, mediaUrl } from '@yixian/media';
import type { MasterSecret } from '@yixian/service';

export const FILES_PATH = '/wechat-files';
/** A week: customers read what was sent to them later, too. */
const GOOD_FOR = 7 * 24 * 3_600_000;

/** Links to files that Tencent does not carry. Whoever has one can open it for a week. */
export class FileLinks {
  readonly links: MediaLinks;

  constructor(
    secret: MasterSecret,
    clock: Clock,
    private readonly publicUrl: string | undefined,
  ) {
    this.links = new MediaLinks(secret.key('media-links'), clock);
  }

  /** `undefined` when PUBLIC_URL does not say where customers reach us. */
  linkTo = (file: Attachment): string | undefined => {
    if (!this.publicUrl) return undefined;
    const token = this.links.token({ key: file.key, ttlMs: GOOD_FOR });
    return `${this.publicUrl}${mediaUrl(FILES_PATH, file, token)}`;
  };
}
