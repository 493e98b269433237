import type { AccountId, Address, Attachment, Clock, VisitorFile } from '@yixian/contracts';
import { mediaUrl } from '@yixian/media';
import type { MediaLinks } from '@yixian/media';
import { Refused } from '@yixian/service';
import type { MasterSecret } from '@yixian/service';
import { SignedNotes } from './signed-notes.ts';
import { IDLE } from './visitor-tokens.ts';

const UPLOAD_WITHIN = 5 * 60 * 1000;
const SAY_WITHIN = 24 * 60 * 60 * 1000;

/** Leave to upload one file. */
export interface UploadLeave {
  site: AccountId;
  address: Address;
  maxBytes: number;
}

interface FileNote {
  site: AccountId;
  address: Address;
  attachment: Attachment;
}

/** How visitors' files are named and linked: notes and links that only we can make. */
export class VisitorFiles {
  private readonly leaves: SignedNotes<UploadLeave>;
  private readonly names: SignedNotes<FileNote>;

  constructor(
    secret: MasterSecret,
    clock: Clock,
    private readonly links: MediaLinks,
  ) {
    const key = secret.key('chat-visitor-files');
    this.leaves = new SignedNotes(key, clock, 'uploading a file');
    this.names = new SignedNotes(key, clock, 'an uploaded file');
  }

  /** The URL to POST one file to. */
  uploadUrl(leave: UploadLeave): string {
    return `/w/files?leave=${this.leaves.sign(leave, UPLOAD_WITHIN)}`;
  }

  /** Throws {@link Refused} for a leave that is not ours or too old. */
  leaveIn(note: string): UploadLeave {
    return this.leaves.open(note);
  }

  /** How the visitor names an uploaded file in a message. */
  nameOf({ site, address }: UploadLeave, attachment: Attachment): string {
    return this.names.sign({ site, address, attachment }, SAY_WITHIN);
  }

  /** Throws {@link Refused} when this visitor did not upload it. */
  attachmentIn(name: string, site: AccountId, address: Address): Attachment {
    const note = this.names.open(name);
    if (note.site !== site || note.address !== address) {
      throw new Refused('token_invalid', 'This file is not one of yours.');
    }
    return note.attachment;
  }

  /** As the visitor's browser shows it. The link lasts as long as the visitor's token does. */
  shown(attachment: Attachment): VisitorFile {
    const { key, name, type, size, width, height } = attachment;
    const url = mediaUrl('/w/media', attachment, this.links.token({ key, ttlMs: IDLE }));
    return { name, type, size, url, ...(width && height && { width, height }) };
  }
}
