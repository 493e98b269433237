import type { ChannelUnderTest } from '@yixian/channel/testing';
import type { Payload } from '@yixian/contracts';
import { EmailChannel } from '../src/email-channel.ts';
import { EmailSettings } from '../src/settings.ts';
import type { DnsResolver } from '../src/trust/guarded-resolver.ts';
import { MailSink } from './mail-sink.ts';
import { post } from './post.ts';

/** A name server that knows no name. */
export const noNames: DnsResolver = () =>
  Promise.reject(Object.assign(new Error('There is no such name.'), { code: 'ENOTFOUND' }));

/** A new instance of the channel, as a process makes it, listening on a free port. */
export function anEmailChannel(
  over: { env?: Record<string, unknown>; resolver?: DnsResolver } = {},
): EmailChannel {
  return new EmailChannel({
    settings: EmailSettings.parse({ MAIL_IN_PORT: 0, ...over.env }),
    tokenSecret: Buffer.alloc(32, 1),
    oauthSecret: Buffer.alloc(32, 2),
    outboxKey: 'the-key',
    resolver: over.resolver ?? noNames,
  });
}

export interface EmailWorld extends ChannelUnderTest<EmailChannel> {
  /** The customers' mail server, which is also what we send by. */
  sink: MailSink;
}

/** The mailbox support@shop.example, and a mail server that its mails go out by. */
export async function anEmailWorld(mailbox: Payload = {}): Promise<EmailWorld> {
  const sink = await MailSink.open();
  return {
    sink,
    channel: () => anEmailChannel(),
    addressOf: (name) => `${name}@customers.example`,
    settings: () => ({
      address: 'support@shop.example',
      smtp: { host: '127.0.0.1', port: sink.port, security: 'none' },
      ...mailbox,
    }),
    async write({ port }, { address, nativeId, text }) {
      if (port === undefined) return 'again';
      const mail = {
        from: address,
        to: 'support@shop.example',
        messageId: `<${Buffer.from(nativeId).toString('hex')}@customers.example>`,
        date: new Date(Date.UTC(2026, 10, 25)),
        subject: 'A question',
        text,
      };
      return post(port, mail).then(
        () => 'acknowledged' as const,
        () => 'again' as const,
      );
    },
    arrived: (address) => sink.to(address).map(({ raw }) => firstLineOf(raw)),
    close: () => sink.close(),
  };
}

/** The first line of a mail's plain text. */
export function firstLineOf(raw: string): string {
  return /\r\n\r\n([^\r\n]*)\r\n/.exec(raw.slice(raw.indexOf('text/plain')))?.[1] ?? '';
}
