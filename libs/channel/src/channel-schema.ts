import type { SchemaPart } from '@yixian/database';
import { ChannelHost1795305700000 } from './migrations/1795305700000-channel-host.ts';
import { QuickTranscript1795612900000 } from './migrations/1795612900000-quick-transcript.ts';
import { OneLine1795628100000 } from './migrations/1795628100000-one-line.ts';

/** The schema `channel`: what the host keeps for every channel. */
export const channelSchema: SchemaPart = {
  entities: [],
  migrations: [ChannelHost1795305700000, QuickTranscript1795612900000, OneLine1795628100000],
};
