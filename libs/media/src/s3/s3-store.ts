import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MAX_ATTACHMENT } from '@yixian/contracts';
import type { Attachment, Clock } from '@yixian/contracts';
import { isKey } from '../content-key.ts';
import { describeFile } from '../describe-file.ts';
import { receiveFile } from '../incoming-file.ts';
import { MediaUnavailable } from '../media-error.ts';
import type { MediaStore, StoredMedia } from '../media-store.ts';
import { S3Client } from './s3-client.ts';
import type { S3Settings } from './s3-client.ts';

/**
 * Attachments in an S3 bucket. A file is received into a temporary folder first, since its key is its hash; S3 then
 * takes it whole or not at all, and checks the hash itself.
 */
export class S3Store implements MediaStore {
  private constructor(
    private readonly client: S3Client,
    private readonly incoming: string,
  ) {}

  static async open(settings: S3Settings, clock: Clock): Promise<S3Store> {
    return new S3Store(new S3Client(settings, clock), await mkdtemp(join(tmpdir(), 'yixian-media-')));
  }

  async put(content: Readable | Uint8Array, of: { name: string; maxBytes?: number }): Promise<Attachment> {
    const file = await receiveFile(content, {
      folder: this.incoming,
      maxBytes: of.maxBytes ?? MAX_ATTACHMENT,
    });
    try {
      const attachment = await describeFile(file, of.name);
      const headers = { 'content-type': attachment.type };
      const answer = await this.client.send({ method: 'PUT', key: attachment.key, headers, file });
      answer.resume();
      if (answer.statusCode !== 200) throw refused('PUT', answer);
      return attachment;
    } finally {
      await rm(file.path, { force: true });
    }
  }

  async get(key: string, range?: { start: number; end?: number }): Promise<StoredMedia | undefined> {
    if (!isKey(key)) return undefined;
    const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end ?? ''}` } : {};
    const answer = await this.client.send({ method: 'GET', key, headers });
    if (answer.statusCode === 200 || answer.statusCode === 206) return storedMedia(answer);
    answer.resume();
    if (answer.statusCode === 404) return undefined;
    if (answer.statusCode === 416) return this.nothingOf(key);
    throw refused('GET', answer);
  }

  /** The range lies behind the end, as every range of an empty file does: no bytes, but size and type. */
  private async nothingOf(key: string): Promise<StoredMedia | undefined> {
    const whole = await this.get(key);
    whole?.content.destroy();
    return whole && { ...whole, content: Readable.from([]) };
  }

  async healthy(): Promise<boolean> {
    try {
      const answer = await this.client.send({ method: 'HEAD', key: '' });
      answer.resume();
      return answer.statusCode === 200;
    } catch {
      return false;
    }
  }
}

function storedMedia(answer: IncomingMessage): StoredMedia {
  const whole =
    /\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1] ?? answer.headers['content-length'];
  return {
    content: answer,
    size: Number(whole),
    type: answer.headers['content-type'] ?? 'application/octet-stream',
  };
}

/** Wrong keys or a missing bucket: a person must mend it, and what was asked may then be tried again. */
function refused(method: string, answer: IncomingMessage): MediaUnavailable {
  return new MediaUnavailable(`S3 refused ${method} with ${answer.statusCode}.`);
}
