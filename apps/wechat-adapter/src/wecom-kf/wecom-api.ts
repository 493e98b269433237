import type { ChannelHost } from '@yixian/channel';
import type { Account } from '../account.ts';
import { AccessToken } from '../tencent/access-token.ts';
import { AccountApi } from '../tencent/account-api.ts';
import { TencentApi } from '../tencent/tencent-api.ts';
import { TencentRefused } from '../tencent/tencent-refused.ts';

/** What WeCom customer service can be asked. */
export class WecomApi extends AccountApi {
  constructor(
    { corpId, corpSecret, id }: Pick<Account, 'id' | 'corpId' | 'corpSecret'>,
    host: Pick<ChannelHost, 'store' | 'clock'>,
    base: string,
  ) {
    const api = new TencentApi(base, host.clock);
    const query = { corpid: corpId, corpsecret: corpSecret };
    const ask = () => api.call({ path: 'cgi-bin/gettoken', query });
    super(api, new AccessToken(`token:${id}:${corpId}`, host, ask));
  }

  async media(mediaId: string): Promise<Buffer> {
    const given = await this.token.use((access_token) =>
      this.api.download({ path: 'cgi-bin/media/get', query: { access_token, media_id: mediaId } }),
    );
    if ('content' in given) return given.content;
    throw new TencentRefused(40007, 'no file');
  }
}
