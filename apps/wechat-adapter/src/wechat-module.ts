import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { AppContext } from '@yixian/service';
import { CallbackController } from './callback/callback.controller.ts';
import { CallbackMetrics } from './callback/callback-metrics.ts';
import { makeProvider } from './make-provider.ts';
import { FileLinks } from './sending/file-links.ts';
import { FilesController } from './sending/files.controller.ts';
import type { WechatSettings } from './settings.ts';
import { WechatChannel } from './wechat-channel.ts';

/** Tencent's doors, around a channel that a host will start. */
@Module({ controllers: [CallbackController, FilesController] })
export class WechatModule {
  static of(context: AppContext<WechatSettings>): { module: DynamicModule; channel: WechatChannel } {
    const { clock, secret, publicUrl, metrics } = context;
    const links = new FileLinks(secret, clock, publicUrl);
    const channel = new WechatChannel(makeProvider({ settings: context.settings, linkTo: links.linkTo }));
    const providers = [
      { provide: WechatChannel, useValue: channel },
      { provide: FileLinks, useValue: links },
      { provide: CallbackMetrics, useValue: new CallbackMetrics(metrics) },
    ];
    return { module: { module: WechatModule, providers }, channel };
  }
}
