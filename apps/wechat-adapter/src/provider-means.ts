import type { ChannelHost } from '@yixian/channel';
import type { SendRules } from './budget/send-rules.ts';
import type { LinkTo } from './sending/text-and-files.ts';

/** What a provider is given to work with. */
export interface ProviderMeans {
  host: ChannelHost;
  /** Tencent's API, without a slash at the end. */
  apiUrl: string;
  rules: SendRules;
  linkTo: LinkTo;
  /** The provider of another account of the same corp: one address takes the callbacks of all. */
  sibling?: (corpId: string, openKfId: string) => { fetch(token: string): Promise<void> } | undefined;
}
