import type { Attachment, Clock } from '@yixian/contracts';
import type { MediaRef } from './media-ref.ts';
import { MediaMissing } from './provider.ts';

/** Tencent asks three times within 15 s: so long a file that cannot be had is worth another push, in ms. */
const WORTH_ANOTHER_PUSH = 9_000;

export interface Fetched {
  attachments: Attachment[];
  /** For `payload.wechat`. */
  missing?: string;
}

/** The push shall come again: its file could not be had this time. */
export class ComeAgain extends Error {
  readonly code = 'come_again';
  readonly retryable = true;
}

/**
 * The file of a message, if it has one. One that may be had later makes the push come again while Tencent still asks;
 * after that the message is taken without it, and says so: a message without its picture is better than none.
 */
export async function filesOf(
  { media, at }: { media?: MediaRef; at: number },
  { clock, fetch }: { clock: Clock; fetch: (ref: MediaRef) => Promise<Attachment> },
): Promise<Fetched> {
  if (!media) return { attachments: [] };
  try {
    return { attachments: [await fetch(media)] };
  } catch (error) {
    if (!(error instanceof MediaMissing)) throw error;
    if (error.retryable && clock.now() - at < WORTH_ANOTHER_PUSH)
      throw new ComeAgain('Its file is not there yet.');
    return { attachments: [], missing: error.code };
  }
}
