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
}
