import { channelSuite } from '@yixian/channel/testing';
import { MailSink } from '../testing/mail-sink.ts';
import { post } from '../testing/post.ts';
import { EmailChannel } from './email-channel.ts';
import { EmailSettings } from './settings.ts';

const noDns = () => Promise.reject(Object.assign(new Error('no DNS in tests'), { code: 'ENOTFOUND' }));

channelSuite('e-mail', async () => {
  const sink = await MailSink.open();
  return {
    channel: () =>
      new EmailChannel({
        settings: EmailSettings.parse({ MAIL_IN_PORT: 0 }),
        tokenSecret: Buffer.alloc(32, 1),
        oauthSecret: Buffer.alloc(32, 2),
        outboxKey: 'key',
        resolver: noDns,
      }),
    addressOf: (name) => `${name}@customers.example`,
    settings: () => ({
      address: 'support@shop.example',
      smtp: { host: '127.0.0.1', port: sink.port, security: 'none' },
    }),
    async write(channel, { address, nativeId, text }) {
      const { port } = channel;
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
    arrived: (address) =>
      sink
        .to(address)
        .map(({ raw }) => /\r\n\r\n([^\r\n]*)\r\n/.exec(raw.slice(raw.indexOf('text/plain')))![1]!),
    close: () => sink.close(),
  };
});
