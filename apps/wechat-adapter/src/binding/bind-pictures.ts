import type { Clock } from '@yixian/contracts';
import { BIND_CODE_LASTS } from '@yixian/channel';
import type { ChannelStore } from '@yixian/channel';
import type { OfficialAccountApi } from '../official-account/official-account-api.ts';
import { Recent } from '../recent.ts';
import { TencentRefused } from '../tencent/tencent-refused.ts';

/** So many pictures of some 50 KB are held, so that whoever asks again and again troubles us alone. */
const HELD = 64;

/** The QR codes of an official account that carry a code as their scene. Each is made at Tencent once. */
export class BindPictures {
  private readonly pictures = new Recent<Promise<Buffer>>(HELD);

  constructor(
    private readonly api: Pick<OfficialAccountApi, 'qrCode' | 'call'>,
    private readonly host: { store: ChannelStore; clock: Clock },
  ) {}

  /** A JPEG. Throws `TencentRefused` and `TencentSilent`. */
  of(code: string): Promise<Buffer> {
    const held = this.pictures.get(code);
    if (held) return held;
    const asked = this.ask(code);
    this.pictures.set(code, asked);
    asked.catch(() => this.pictures.delete(code));
    return asked;
  }

  private async ask(code: string): Promise<Buffer> {
    return this.api.qrCode(await this.ticket(code));
  }

  /** https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html */
  private async ticket(code: string): Promise<string> {
    const key = `qr-ticket:${code}`;
    const held = await this.host.store.get<string>(key);
    if (held) return held;
    const { ticket } = await this.api.call({
      path: 'cgi-bin/qrcode/create',
      body: {
        expire_seconds: BIND_CODE_LASTS / 1000,
        action_name: 'QR_STR_SCENE',
        action_info: { scene: { scene_str: code } },
      },
    });
    if (typeof ticket !== 'string') throw new TencentRefused(40053, 'no ticket');
    await this.host.store.put(key, ticket, { expiresAt: this.host.clock.now() + BIND_CODE_LASTS });
    return ticket;
  }
}
