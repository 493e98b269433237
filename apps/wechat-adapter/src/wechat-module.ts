import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { AppContext } from '@yixian/service';
import { BindController } from './binding/bind.controller.ts';
import { CallbackController } from './callback/callback.controller.ts';
import { CallbackMetrics } from './callback/callback-metrics.ts';
import { makeProvider } from './make-provider.ts';
import { FileLinks } from './sending/file-links.ts';
import { FilesController } from './sending/files.controller.ts';
import type { WechatSettings } from './settings.ts';
import { SimulatorController } from './simulator/simulator.controller.ts';
import { Simulator } from './simulator/simulator.ts';
import { WechatChannel } from './wechat-channel.ts';

/** Tencent's doors, around a channel that a host will start. */
@Module({ controllers: [CallbackController, BindController, FilesController] })
export class WechatModule {
  static of(context: AppContext<WechatSettings>): { module: DynamicModule; channel: WechatChannel } {
    const { clock, secret, publicUrl, metrics, settings } = context;
    const wanted = settings.WECHAT_SIMULATOR;
    const simulator = wanted === 'on' || (wanted === 'auto' && !publicUrl) ? new Simulator(clock) : undefined;
    const links = new FileLinks(secret, clock, publicUrl);
    const make = makeProvider({
      settings,
      linkTo: links.linkTo,
      bindKey: secret.key('bind-codes'),
      simulator,
    });
    const channel = new WechatChannel(make, simulator);
    const providers = [
      { provide: WechatChannel, useValue: channel },
      { provide: FileLinks, useValue: links },
      { provide: CallbackMetrics, useValue: new CallbackMetrics(metrics) },
    ];
    if (!simulator) return { module: { module: WechatModule, providers }, channel };
    const simulated = { controllers: [SimulatorController], exports: [Simulator] };
    const all = [...providers, { provide: Simulator, useValue: simulator }];
    return { module: { module: WechatModule, providers: all, ...simulated }, channel };
  }
}
