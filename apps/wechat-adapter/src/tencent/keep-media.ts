import type { ChannelHost } from '@yixian/channel';
import type { Attachment } from '@yixian/contracts';
import { TooLarge } from '@yixian/media';
import type { MediaRef } from '../media-ref.ts';
import { MediaMissing } from '../provider.ts';
import type { AccountApi } from './account-api.ts';
import { TencentRefused, TencentSilent } from './tencent-refused.ts';

/** A file that lies with Tencent, into the media store. Throws {@link MediaMissing}. */
export async function keepMedia(
  { id, name }: MediaRef,
  { api, host }: { api: AccountApi; host: Pick<ChannelHost, 'media'> },
): Promise<Attachment> {
  try {
    return await host.media.put(await api.media(id), { name });
  } catch (error) {
    if (error instanceof TooLarge) throw new MediaMissing('too_large', { cause: error });
    if (error instanceof TencentRefused) throw new MediaMissing('expired', { cause: error });
    if (error instanceof TencentSilent) throw new MediaMissing('unavailable', { cause: error });
    throw error;
  }
}
