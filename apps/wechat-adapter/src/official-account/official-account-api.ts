import type { ChannelHost } from '@yixian/channel';
import type { Account } from '../account.ts';
import { AccessToken } from '../tencent/access-token.ts';
import { TencentApi } from '../tencent/tencent-api.ts';
import type { Answer, Request } from '../tencent/tencent-api.ts';
import { TencentRefused } from '../tencent/tencent-refused.ts';

/** A file is fetched while Tencent waits for our answer, in ms. */
const WHILE_TENCENT_WAITS = 3_500;

/** Where films may lie. */
const TENCENT_HOST = /(^|\.)(qq\.com|weixin\.qq\.com|qpic\.cn|wechat\.com)$/;

/** What an official account can be asked. Every call carries the account's access token. */
export class OfficialAccountApi {
  private readonly api: TencentApi;
  private readonly token: AccessToken;

  constructor(
    { id, appId, appSecret }: Pick<Account, 'id' | 'appId' | 'appSecret'>,
    host: Pick<ChannelHost, 'store' | 'clock'>,
    private readonly base: string,
  ) {
    this.api = new TencentApi(base, host.clock);
    // Not /token: replicas would take each other's away. https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
    const body = { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: false };
    this.token = new AccessToken(`token:${id}:${appId}`, host, () =>
      this.api.call({ path: 'cgi-bin/stable_token', body }),
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

  /** A temporary file. Films come as the address they lie at. */
  async media(mediaId: string): Promise<Buffer> {
    const given = await this.token.use((access_token) =>
      this.api.download({
        path: 'cgi-bin/media/get',
        query: { access_token, media_id: mediaId },
        patience: WHILE_TENCENT_WAITS,
      }),
    );
    if ('content' in given) return given.content;
    const film = await this.api.download({
      path: this.checked(given.answer.video_url),
      patience: WHILE_TENCENT_WAITS,
    });
    if ('content' in film) return film.content;
    throw new TencentRefused(40007, 'no film');
  }

  private checked(url: unknown): string {
    const at = URL.canParse(String(url)) ? new URL(String(url)) : undefined;
    const ours = at && (at.origin === new URL(this.base).origin || TENCENT_HOST.test(at.hostname));
    if (!ours) throw new TencentRefused(40007, 'no address of Tencent');
    return at.href;
  }
}
