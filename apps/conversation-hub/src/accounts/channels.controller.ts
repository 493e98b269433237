import { Get } from '@nestjs/common';
import type { ChannelList } from '@yixian/contracts';
import { DeskController } from '../desk/http/desk-controller.ts';
import { ChannelDirectory } from './channel-directory.ts';

@DeskController('api/channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelDirectory) {}

  @Get()
  list(): ChannelList {
    const channels = this.channels.list().map(({ kind: _kind, id: _id, ...channel }) => channel);
    return { channels };
  }
}
