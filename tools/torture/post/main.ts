// The post office of a torture run: one more service on the same database and bus, as any adapter is.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ChannelModule, channelSchema } from '@yixian/channel';
import type { App } from '@yixian/service';
import { runService } from '@yixian/service';
import { z } from 'zod';
import { PostChannel } from './post-channel.ts';

const PostSettings = z.object({
  POST_PORT: z.coerce.number().describe('Where customers hand in their notes.'),
});

@Module({})
class PostModule {}

const post: App<typeof PostSettings> = {
  name: 'post-adapter',
  settings: PostSettings,
  schema: channelSchema,
  module: (context) => ({
    module: PostModule,
    imports: [ChannelModule.for({ channel: new PostChannel(context.settings.POST_PORT) }, context)],
  }),
};

await runService([post]);
