import type { ChannelHost } from '@yixian/channel';
import type { Account } from '../account.ts';
import { AccessToken } from '../tencent/access-token.ts';
import { TencentApi } from '../tencent/tencent-api.ts';
import type { Answer, Request } from '../tencent/tencent-api.ts';
import { TencentRefused } from '../tencent/tencent-refused.ts';

/** What WeCom customer service can be asked. Every call carries the corp's access token. */
export class WecomApi {
  private readonly api: TencentApi;
  private readonly token: AccessToken;

  constructor(
    { corpId, corpSecret, id }: Pick<Account, 'id' | 'corpId' | 'corpSecret'>,
    host: Pick<ChannelHost, 'store' | 'clock'>,
    base: string,
  ) {
    this.api = new TencentApi(base, host.clock);
    const query = { corpid: corpId, corpsecret: corpSecret };
    this.token = new AccessToken(`token:${id}:${corpId}`, host, () =>
      this.api.call({ path: 'cgi-bin/gettoken', query }),
    );
  }

  call(request: Request): Promise<Answer> {
    return this.token.use((access_token) =>
      this.api.call({ ...request, query: { ...request.query, access_token } }),
    );
  }

  async upload(file: { content: Buffer; name: string; type: string }, type: string): Promise<string> {
    const { media_id: id } = await this.call({ path: 'cgi-bin/media/upload', query: { type }, file });
    return String(id);
  }

  async media(mediaId: string): Promise<Buffer> {
    const given = await this.token.use((access_token) =>
      this.api.download({ path: 'cgi-bin/media/get', query: { access_token, media_id: mediaId } }),
    );
    if ('content' in given) return given.content;
    throw new TencentRefused(40007, 'no file');
  }
}
