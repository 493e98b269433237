import { jest } from '@jest/globals';
import type { Conversation, ConversationPage, Entry, TimelinePage, WrittenEntry } from '@yixian/contracts';
import { newId } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import type { SendMailOptions } from 'nodemailer';
import { MailSink } from '../../email-adapter/testing/mail-sink.ts';
import { DeskApi } from './desk-api.ts';
import { MailServer } from './mails.ts';
import { modes } from './systems.ts';
import type { System } from './systems.ts';

// Kafka, PostgreSQL and several servers: minutes on a busy machine.
jest.setTimeout(180_000);

const MAILBOX = 'orders@shop.example';
const CUSTOMER = 'ann@customers.example';
/** Enough for a thread of its own to read the mail. */
const PHOTO = Buffer.alloc(300_000, 7);

describe.each(Object.entries(modes))('%s', (_, startSystem) => {
  let system: System;
  let api: DeskApi;
  let mails: MailServer;
  let outside: MailSink;

  beforeAll(async () => {
    [system, outside] = await Promise.all([startSystem(), MailSink.open()]);
    api = new DeskApi(system.inboxUrl, system.token);
    mails = new MailServer(system.mailPort);
    const smtp = { host: '127.0.0.1', port: outside.port, security: 'none' };
    const account = {
      id: 'orders',
      channel: 'email',
      name: '山岚茶舍',
      settings: { address: MAILBOX, smtp },
    };
    // The mail channel announces itself in a moment.
    await eventually(
      () =>
        api.call('POST', 'accounts', account).then(
          () => true,
          () => false,
        ),
      60_000,
    );
  });
  afterAll(async () => {
    await system?.remove();
    await outside?.close();
  });

  /** Until the receiver knows the mailbox it says 550, as to any address that is not ours. */
  const write = (subject: string, more: SendMailOptions) =>
    eventually(
      () =>
        mails
          .bring({ from: `Ann <${CUSTOMER}>`, to: MAILBOX, subject, text: subject, ...more })
          .then(() => true)
          .catch(() => false),
      60_000,
    );

  async function conversation(): Promise<Conversation | undefined> {
    const page: ConversationPage = await api.call('GET', 'conversations?view=all&limit=200&channel=email');
    return page.conversations.find(({ address }) => address === CUSTOMER);
  }

  const messages = async (): Promise<Entry[]> => {
    const { contactId } = (await conversation())!;
    const path = `contacts/${contactId}/timeline?kinds=message&limit=200`;
    return (await api.call<TimelinePage>('GET', path)).entries;
  };

  async function answer(text: string): Promise<Entry> {
    const { id, lastSeq } = (await conversation())!;
    const body = { id: newId(), text, seenSeq: lastSeq, force: true };
    return (await api.call<WrittenEntry>('POST', `conversations/${id}/messages`, body)).entry;
  }

  it('a mail is seen in the inbox, answered, and the answer carried out by SMTP', async () => {
    await write('Where is my tea?', { attachments: [{ filename: 'box.bin', content: PHOTO }] });
    await eventually(async () => (await conversation()) !== undefined, 60_000);
    expect(await conversation()).toMatchObject({ subject: 'Where is my tea?', account: 'orders' });
    const [question] = await messages();
    expect(question!.attachments).toMatchObject([{ name: 'box.bin', size: PHOTO.length }]);
    const { id } = await answer('It is under way.');
    await eventually(() => outside.to(CUSTOMER).length > 0, 60_000);
    const [mail] = outside.to(CUSTOMER);
    expect(mail!.raw).toMatch(/^Subject: Re: Where is my tea\?\r$/m);
    expect(mail!.raw).toContain('It is under way.');
    await eventually(async () => {
      const sent = (await messages()).find((entry) => entry.id === id);
      expect(sent?.delivery?.state).toBe('sent');
    }, 60_000);
  });

  it('what the customer writes to that stands below it, also after every process was killed', async () => {
    await system.crash();
    await system.start();
    const messageId = /^Message-ID: (\S+)/im.exec(outside.to(CUSTOMER)[0]!.raw)![1];
    await write('Thank you!', { inReplyTo: messageId });
    await eventually(async () => {
      const texts = (await messages()).map(({ text }) => text.trim());
      expect(texts).toEqual(['Where is my tea?', 'It is under way.', 'Thank you!']);
    }, 60_000);
    expect(outside.to(CUSTOMER)).toHaveLength(1);
  });
});
