import type { ChannelHost } from '@yixian/channel';
import type { Account } from '../account.ts';
import { AccessToken } from '../tencent/access-token.ts';
import { AccountApi } from '../tencent/account-api.ts';
import { TencentApi } from '../tencent/tencent-api.ts';
import { TencentRefused } from '../tencent/tencent-refused.ts';

/** A file is fetched while Tencent waits for our answer, in ms. */
const WHILE_TENCENT_WAITS = 3_500;

/** Tencent serves the pictures of QR codes from another host than its API; a stand-in serves both. */
const PICTURES: Record<string, string> = { 'https://api.weixin.qq.com': 'https://mp.weixin.qq.com' };

/** Where films may lie. */
const TENCENT_HOST = /(^|\.)(qq\.com|weixin\.qq\.com|qpic\.cn|wechat\.com)$/;

/** What an official account can be asked. */
export class OfficialAccountApi extends AccountApi {
  constructor(
    { id, appId, appSecret }: Pick<Account, 'id' | 'appId' | 'appSecret'>,
    host: Pick<ChannelHost, 'store' | 'clock'>,
    private readonly base: string,
  ) {
    const api = new TencentApi(base, host.clock);
    // Not /token: replicas would take each other's away. https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
    const body = { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: false };
    const ask = () => api.call({ path: 'cgi-bin/stable_token', body });
    super(api, new AccessToken(`token:${id}:${appId}`, host, ask));
  }

  /** The picture of a QR code. https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html */
  async qrCode(ticket: string): Promise<Buffer> {
    const at = `${PICTURES[this.base] ?? this.base}/cgi-bin/showqrcode`;
    const given = await this.api.download({ path: `${at}?${new URLSearchParams({ ticket }).toString()}` });
    if ('content' in given) return given.content;
    throw new TencentRefused(40053, 'no picture');
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
