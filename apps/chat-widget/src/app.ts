import { Module } from '@nestjs/common';
import { ChannelModule, channelSchema } from '@yixian/channel';
import type { App } from '@yixian/service';
import { ChatWidgetSettings } from './settings.ts';
import { WidgetModule } from './widget-module.ts';

@Module({})
class ChatWidgetModule {}

/** Web chat: what visitors load and speak with, and the channel behind it. */
export const chatWidget: App<typeof ChatWidgetSettings> = {
  name: 'chat-widget',
  settings: ChatWidgetSettings,
  schema: channelSchema,
  module(context) {
    const { module, channel } = WidgetModule.of(context);
    return {
      module: ChatWidgetModule,
      imports: [module, ChannelModule.for({ channel }, context)],
    };
  },
};
