import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { AppContext } from '@yixian/service';
import { EmailChannel } from './email-channel.ts';
import { OutboxController, outboxKeyOf } from './sending/outbox.controller.ts';
import type { EmailSettings } from './settings.ts';
import { systemResolver } from './trust/guarded-resolver.ts';

/** The administrators' door of the channel, around a channel that a host will start. */
@Module({ controllers: [OutboxController] })
export class EmailModule {
  static of({ settings, secret }: Pick<AppContext<EmailSettings>, 'settings' | 'secret'>): {
    module: DynamicModule;
    channel: EmailChannel;
  } {
    const channel = new EmailChannel({
      settings,
      tokenSecret: secret.key('mail-reply-tokens'),
      oauthSecret: secret.key('mail-oauth'),
      outboxKey: outboxKeyOf(secret.key('mail-outbox')),
      resolver: systemResolver(),
    });
    return {
      module: { module: EmailModule, providers: [{ provide: EmailChannel, useValue: channel }] },
      channel,
    };
  }
}
