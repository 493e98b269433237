import { Module } from '@nestjs/common';
import { ChannelModule, channelSchema } from '@yixian/channel';
import type { App } from '@yixian/service';
import { EmailModule } from './email-module.ts';
import { EmailSettings } from './settings.ts';

@Module({})
class EmailAdapterModule {}

/** E-mail: mailboxes that customers write to, and the channel behind them. */
export const emailAdapter: App<typeof EmailSettings> = {
  name: 'email-adapter',
  settings: EmailSettings,
  schema: channelSchema,
  module(context) {
    const { module, channel } = EmailModule.of(context);
    return { module: EmailAdapterModule, imports: [module, ChannelModule.for({ channel }, context)] };
  },
};
