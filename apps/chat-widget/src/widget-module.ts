import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { MediaLinks } from '@yixian/media';
import type { AppContext } from '@yixian/service';
import { ChatChannel } from './chat-channel.ts';
import { DemoController } from './pages/demo.controller.ts';
import { SitePages } from './pages/site-pages.ts';
import { findUiFolder, UiFiles } from './pages/ui-files.ts';
import { WidgetController } from './pages/widget.controller.ts';
import type { ChatWidgetSettings } from './settings.ts';
import { VisitorGateway } from './visitor.gateway.ts';
import { Continuations } from './visitors/continuations.ts';
import { MessageDoor } from './visitors/message-door.ts';
import { OwnOrigin } from './visitors/own-origin.ts';
import { Reception } from './visitors/reception.ts';
import { VisitorRooms } from './visitors/rooms.ts';
import { VisitorFiles } from './visitors/visitor-files.ts';
import { VisitorLimits } from './visitors/visitor-limits.ts';

/** The visitors' doors, around a channel that a host will start. */
@Module({ controllers: [WidgetController, DemoController], providers: [VisitorGateway] })
export class WidgetModule {
  static of(
    context: Pick<
      AppContext<ChatWidgetSettings>,
      'settings' | 'clock' | 'secret' | 'publicUrl' | 'trustProxy' | 'log'
    >,
  ): {
    module: DynamicModule;
    channel: ChatChannel;
  } {
    const { settings, clock, secret } = context;
    const links = new MediaLinks(secret.key('media-links'), clock);
    const files = new VisitorFiles(secret, clock, links);
    const rooms = new VisitorRooms();
    const channel = new ChatChannel(rooms, files);
    const reception = new Reception(channel, files, clock);
    const continuations = new Continuations(channel, secret.key('bind-codes'), clock);
    const limits = new VisitorLimits(settings, clock);
    const here = dirname(fileURLToPath(import.meta.url));
    const ui = UiFiles.read(settings.WIDGET_UI_DIR ?? findUiFolder(here));
    if (!ui) context.log.warn('The browser part of the chat is not built: npx nx build chat-widget.');
    const providers = [
      { provide: ChatChannel, useValue: channel },
      { provide: MediaLinks, useValue: links },
      { provide: VisitorFiles, useValue: files },
      { provide: VisitorRooms, useValue: rooms },
      { provide: Continuations, useValue: continuations },
      { provide: Reception, useValue: reception },
      { provide: VisitorLimits, useValue: limits },
      { provide: MessageDoor, useValue: new MessageDoor({ channel, reception, files, limits, clock }) },
      { provide: OwnOrigin, useValue: new OwnOrigin(context.publicUrl, context.trustProxy) },
      { provide: SitePages, useValue: new SitePages(ui) },
    ];
    return { module: { module: WidgetModule, providers }, channel };
  }
}
