import { Controller, Get, Param, Res } from '@nestjs/common';
import { Refused } from '@yixian/service';
import type { Response } from 'express';
import { TencentRefused, TencentSilent } from '../tencent/tencent-refused.ts';
import { WechatChannel } from '../wechat-channel.ts';

/** The QR code that the web chat shows, as a picture: `/wechat/<account>/bind/<code>`. */
@Controller('wechat')
export class BindController {
  constructor(private readonly channel: WechatChannel) {}

  /** Throws {@link Refused}: `not_found` for a code that is not ours or too old, `unavailable` when Tencent is. */
  @Get(':account/bind/:code')
  async picture(
    @Param('account') account: string,
    @Param('code') code: string,
    @Res() response: Response,
  ): Promise<void> {
    const picture = await this.pictureOf(account, code);
    response.setHeader('cache-control', 'no-store');
    // The panel of the web chat may lie on another host than this door.
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    response.type('jpeg').send(picture);
  }

  private async pictureOf(account: string, code: string): Promise<Buffer> {
    const binds = this.channel.binding(account);
    if (!binds?.codes.isOpen(code)) throw new Refused('not_found', 'There is no such code, or no longer.');
    try {
      return await binds.pictures.of(code);
    } catch (error) {
      if (!(error instanceof TencentRefused || error instanceof TencentSilent)) throw error;
      this.channel.note('warn', 'A QR code could not be had from Tencent.', {
        account,
        error: String(error),
      });
      throw new Refused('unavailable', 'Tencent gives no QR code.', { cause: error });
    }
  }
}
