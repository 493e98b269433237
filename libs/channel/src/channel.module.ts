import { Module } from '@nestjs/common';
import type { BeforeApplicationShutdown, DynamicModule, OnApplicationBootstrap, Type } from '@nestjs/common';
import type { Channel } from './channel.ts';
import { HostedChannel } from './hosted-channel.ts';
import type { HostMeans } from './hosted-channel.ts';

export interface ChannelModuleOptions {
  /** The token under which `imports` export the channel (its class, for a gateway), or the channel itself. */
  channel: Type<Channel> | symbol | Channel;
  imports?: NonNullable<DynamicModule['imports']>;
}

const CHANNEL = Symbol('channel');

/** Runs with the application: hosted once everything is made, stopped before the listeners close. */
class ChannelRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(readonly hosted: HostedChannel) {}

  onApplicationBootstrap(): Promise<void> {
    return this.hosted.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.hosted.stop();
  }
}

/**
 * A channel in its host, as a Nest module: `imports: [ChannelModule.for({ channel: ChatChannel, imports: [ChatParts] },
 * context)]` in the module of an App. Gives `HostedChannel` for health and quarantine.
 */
@Module({})
export class ChannelModule {
  static for({ channel, imports = [] }: ChannelModuleOptions, means: HostMeans): DynamicModule {
    const given =
      typeof channel === 'object'
        ? { provide: CHANNEL, useValue: channel }
        : { provide: CHANNEL, useExisting: channel };
    return {
      module: ChannelModule,
      imports,
      providers: [
        given,
        {
          provide: HostedChannel,
          inject: [CHANNEL],
          useFactory: (one: Channel) => new HostedChannel(one, means),
        },
        {
          provide: ChannelRunner,
          inject: [HostedChannel],
          useFactory: (hosted: HostedChannel) => new ChannelRunner(hosted),
        },
      ],
      exports: [HostedChannel],
    };
  }
}
