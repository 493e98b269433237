import { Module } from '@nestjs/common';
import { ChannelModule, channelSchema } from '@yixian/channel';
import type { App } from '@yixian/service';
import { WechatSettings } from './settings.ts';
import { WechatModule } from './wechat-module.ts';

@Module({})
class WechatAdapterModule {}

/** WeChat: where Tencent calls, and the channel behind it. */
export const wechatAdapter: App<typeof WechatSettings> = {
  name: 'wechat-adapter',
  settings: WechatSettings,
  schema: channelSchema,
  rawBodies: ['/wechat'],
  module(context) {
    const { module, channel } = WechatModule.of(context);
    return {
      module: WechatAdapterModule,
      imports: [module, ChannelModule.for({ channel }, context)],
    };
  },
};
