import { jest } from '@jest/globals';
import type { Process } from '@yixian/channel/testing';
import { ACCOUNT, Stage } from '@yixian/channel/testing';
import type { ConversationId, EntryId, InboundEvent, MailPayload, MessageReceived } from '@yixian/contracts';
import { newId } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import type { SendMailOptions } from 'nodemailer';
import { anEmailWorld } from '../testing/email-world.ts';
import type { EmailWorld } from '../testing/email-world.ts';
import { refusal } from '../testing/mail-sink.ts';
import { post, postRaw } from '../testing/post.ts';
import type { EmailChannel } from './email-channel.ts';

jest.setTimeout(60_000);

const US = 'support@shop.example';
const autoReply = { when: 'always', text: 'We have got your mail.', perHour: 2 };
let world: EmailWorld;
let stage: Stage<EmailChannel>;
let running: Process<EmailChannel>;
beforeAll(async () => {
  world = await anEmailWorld({ autoReply, subjectNumber: true, forwarders: ['@shop.example'] });
  stage = await Stage.open(world);
  running = await stage.start();
});
afterAll(() => stage.close());

let count = 0;
/** Somebody writes. */
async function write(mail: SendMailOptions): Promise<MessageReceived & { payload: MailPayload }> {
  const messageId = mail.messageId ?? `<n${++count}@customers.example>`;
  // Copies go to servers of their own; what comes to us names us alone.
  const envelope = { from: String(mail.from), to: String(mail.to ?? US) };
  await post(running.channel.port!, { to: US, text: 'Hello', envelope, ...mail, messageId });
  return received(String(messageId).slice(1, -1));
}

const isMessage = (event: InboundEvent): event is MessageReceived => event.kind === 'message.received';
async function received(messageId: string): Promise<MessageReceived & { payload: MailPayload }> {
  const found = () =>
    stage.inbound.filter(isMessage).find(({ payload }) => payload['messageId'] === messageId);
  await eventually(() => found() !== undefined);
  return found() as MessageReceived & { payload: MailPayload };
}

const conversationId = newId<ConversationId>();
/** An agent answers a mail. Gives the mail as the customer got it. */
async function answer(
  to: MessageReceived,
  text: string,
  payload: object = {},
): Promise<{ id: EntryId; raw: string }> {
  const id = newId<EntryId>();
  await stage.command({
    kind: 'message.send',
    id,
    channel: to.channel,
    account: to.account,
    address: to.address,
    conversationId,
    author: { kind: 'agent', name: 'Wang' },
    text,
    attachments: [],
    payload: payload as MessageReceived['payload'],
    inReplyTo: to.nativeId,
    ...(to.thread && { thread: to.thread }),
    ...(to.subject && { subject: to.subject }),
    createdAt: new Date(Date.UTC(2026, 10, 25)).toISOString(),
  });
  const sent = () => world.sink.mails.find(({ raw }) => raw.includes(`Message-ID: <${id}@`));
  await eventually(() => sent() !== undefined);
  return { id, raw: sent()!.raw };
}

const header = (raw: string, name: string): string =>
  new RegExp(`^${name}: ((?:.*)(?:\r\n[ \t].*)*)`, 'im').exec(raw)?.[1]?.replace(/\r\n\s+/g, ' ') ?? '';

describe('what comes in', () => {
  it('becomes an entry with the whole mail in the store, untouched', async () => {
    const raw = `From: =?gb2312?B?wO7A8g==?= <li@customers.example>\r\nTo: ${US}\r\nSubject: x\r\nMessage-ID: <raw1@customers.example>\r\n\r\nHello\r\n`;
    await postRaw(running.channel.port!, raw, { to: US });
    const { payload, address, text } = await received('raw1@customers.example');
    expect({ address, text, name: payload.from.name }).toEqual({
      address: 'li@customers.example',
      text: 'Hello',
      name: '李莉',
    });
    const stored = await running.host.media.get(payload.raw!.key);
    const chunks: Buffer[] = [];
    for await (const chunk of stored!.content) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe(raw);
  });

  it('is quarantined when it must not be read, and acknowledged', async () => {
    const bomb = `From: a@customers.example\r\nX: ${'y'.repeat(2 * 1024 * 1024)}\r\n\r\nHello\r\n`;
    await postRaw(running.channel.port!, bomb, { to: US });
    const [kept] = await running.hosted.quarantine.waiting();
    expect(kept).toMatchObject({ form: 'raw', account: ACCOUNT });
    expect(kept!.raw.length).toBe(bomb.length);
  });

  it('is the same mail however it comes again, and another when only the Message-ID is the same', async () => {
    const raw = `From: bo@customers.example\r\nMessage-ID: <same@customers.example>\r\n\r\nOne\r\n`;
    const port = running.channel.port!;
    await postRaw(port, raw, { to: US });
    await postRaw(port, `Received: from somewhere\r\n by elsewhere\r\n${raw}`, { to: US });
    await postRaw(port, raw.replace('One', 'Two'), { to: US });
    const all = () =>
      stage.inbound
        .filter(isMessage)
        .filter(({ payload }) => payload['messageId'] === 'same@customers.example');
    await eventually(() => expect(all()).toHaveLength(3));
    expect(new Set(all().map(({ id }) => id)).size).toBe(2);
  });

  it('of our own people, forwarded, is of whom they forward', async () => {
    const text =
      'See below.\n\n---------- Forwarded message ---------\nFrom: Eva <eva@far.example>\nDate: Mon, 1 Jun 2026\nSubject: Tea\nTo: sales@shop.example\n\nHave you green tea?';
    const { address, sender } = await write({ from: 'boss@shop.example', subject: 'Fwd: Tea', text });
    expect(address).toBe('eva@far.example');
    expect(sender.claims).toEqual([{ kind: 'email', value: 'eva@far.example', verified: false }]);
  });
});

describe('threads', () => {
  it('are found by the token in our address, by ids, and by the number with the same sender', async () => {
    const first = await write({ from: 'ann@customers.example', subject: 'Order 42' });
    const { id, raw } = await answer(first, 'Under way.');
    expect(header(raw, 'In-Reply-To')).toBe(`<${first.payload.messageId}>`);
    expect(header(raw, 'Subject')).toMatch(/^Re: Order 42 \[#[0-9A-Z]{8}\]$/);
    const back = header(raw, 'Reply-To');
    expect(back).toMatch(/^support\+[a-z2-7]{44}@shop\.example$/);

    const byToken = await write({ from: 'ann@customers.example', to: back, subject: 'Order 42' });
    const byId = await write({
      from: 'ann@customers.example',
      subject: '回复：Order 42',
      inReplyTo: `<${id}@shop.example>`,
    });
    const byNumber = await write({ from: 'ann@customers.example', subject: header(raw, 'Subject') });
    const bySubject = await write({ from: 'ann@customers.example', subject: 'Re: Order 42' });
    expect([byToken, byId, byNumber].map(({ thread }) => thread)).toEqual(Array(3).fill(first.thread));
    expect(bySubject.thread).not.toBe(first.thread);
  });

  it('are not entered by strangers, nor by who writes of something else; both are linked to them', async () => {
    const first = await write({
      from: 'cy@customers.example',
      subject: 'Order 43',
      cc: 'friend@customers.example',
    });
    const { id, raw } = await answer(first, 'Under way.');
    const inReplyTo = `<${id}@shop.example>`;
    const number = header(raw, 'Subject');
    const stranger = await write({ from: 'spy@other.example', subject: number, inReplyTo });
    const friend = await write({ from: 'friend@customers.example', subject: 'Re: Order 43', inReplyTo });
    const other = await write({ from: 'cy@customers.example', subject: 'My invoice', inReplyTo });
    const forged = await write({
      from: 'cy@customers.example',
      to: header(raw, 'Reply-To').replace(/\+./, '+z'),
      subject: 'Order 43',
    });
    expect(stranger).toMatchObject({ relatedTo: conversationId });
    expect(friend).toMatchObject({ thread: first.thread, relatedTo: conversationId });
    expect(other).toMatchObject({ relatedTo: conversationId });
    expect(forged.relatedTo).toBeUndefined();
    const others = [stranger, other, forged].map(({ thread }) => thread);
    expect(others).not.toContain(first.thread);
  });

  it('join what answers the same mail of before our time', async () => {
    const inReplyTo = '<long-ago@shop.example>';
    const one = await write({ from: 'di@customers.example', subject: 'Re: Old', inReplyTo });
    const two = await write({ from: 'di@customers.example', subject: 'Re: Old', inReplyTo });
    expect(two.thread).toBe(one.thread);
  });
});

describe('bounces', () => {
  const report = (id: EntryId, status: string, words: string) =>
    [
      'From: MAILER-DAEMON@mx.example (Mail Delivery System)',
      `To: ${US}`,
      'Subject: Undelivered Mail Returned to Sender',
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      `Message-ID: <bounce-${id}@mx.example>`,
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      words,
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; eli@customers.example',
      'Action: failed',
      `Status: ${status}`,
      `Diagnostic-Code: smtp; 550 ${status} ${words}`,
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      `From: ${US}`,
      'To: eli@customers.example',
      `Message-ID: <${id}@shop.example>`,
      'Subject: Re: Hello',
      '',
      'text',
      '--b--',
      '',
    ].join('\r\n');
  const reported = () =>
    stage.inbound.filter(
      (event) => event.kind === 'address.reported' && event.address === 'eli@customers.example',
    );

  it('climb to the message, and when hard to the address, until it writes again; they open nothing', async () => {
    const first = await write({ from: 'eli@customers.example', subject: 'Hello' });
    const { id } = await answer(first, 'Hello Eli.');
    await eventually(() => expect(stage.receipts(id)).toContain('sent'));
    await postRaw(running.channel.port!, report(id, '5.1.1', 'User unknown'), { from: '', to: US });
    await eventually(() => expect(stage.receipts(id)).toContain('bounced'));
    const dead = { undeliverable: { reason: expect.stringContaining('5.1.1') } };
    await eventually(() => expect(reported()).toMatchObject([dead]));
    expect(stage.inbound.filter(isMessage).map(({ address }) => address)).not.toContain(
      'mailer-daemon@mx.example',
    );
    await write({ from: 'eli@customers.example', subject: 'I am back' });
    await eventually(() => expect(reported().at(-1)).toMatchObject({ undeliverable: null }));
  });

  it('that are soft leave the address alone; the envelope tells which mail it was', async () => {
    const first = await write({ from: 'eli@customers.example', subject: 'Full' });
    const { id, raw } = await answer(first, 'Hello again.');
    const envelope = world.sink.mails.find((mail) => mail.raw === raw)!.from;
    const before = reported().length;
    const unnamed = report(newId(), '5.2.2', 'Mailbox full').replace(
      /Message-ID: <[^>]*@shop.example>\r\n/,
      '',
    );
    await postRaw(running.channel.port!, unnamed, { from: '', to: envelope });
    await eventually(() => expect(stage.receipts(id)).toContain('bounced'));
    expect(reported()).toHaveLength(before);
  });

  it('of mails that we never sent are left for a person', async () => {
    const id = newId<EntryId>();
    await postRaw(running.channel.port!, report(id, '5.1.1', 'User unknown'), { from: '', to: US });
    const { payload } = await received(`bounce-${id}@mx.example`);
    expect(payload).toMatchObject({ auto: 'bounce', bounce: { kind: 'hard', status: '5.1.1' } });
  });

  it('at the door of our own server count as well', async () => {
    const first = await write({ from: 'gone@customers.example', subject: 'Bye' });
    world.sink.onRecipient = (address) =>
      address === 'gone@customers.example' ? refusal(550, '5.1.1 No such user') : undefined;
    const id = newId<EntryId>();
    await stage.send({ address: 'gone', text: 'Are you there?', id });
    await eventually(() => expect(stage.receipts(id)).toEqual(['failed']));
    world.sink.onRecipient = () => undefined;
    const told = stage.inbound.filter(
      ({ kind, address }) => kind === 'address.reported' && address === first.address,
    );
    expect(told).toMatchObject([{ undeliverable: { reason: expect.stringContaining('No such user') } }]);
  });
});

describe('automatic replies', () => {
  const repliesTo = (address: string) =>
    world.sink.to(address).filter(({ raw }) => raw.includes('Auto-Submitted: auto-replied'));

  it('go once to each mail, twice in an hour to each sender, from nobody, and say what they are', async () => {
    for (const subject of ['One', 'Two', 'Three']) await write({ from: 'fay@customers.example', subject });
    await eventually(() => expect(repliesTo('fay@customers.example')).toHaveLength(2));
    const { raw, from } = repliesTo('fay@customers.example')[0]!;
    expect(from).toBe('');
    expect(header(raw, 'X-Auto-Response-Suppress')).toBe('All');
    expect(raw).toContain('We have got your mail.');
  });

  it('never answer machines', async () => {
    const machines: SendMailOptions[] = [
      { from: 'hal@customers.example', headers: { 'Auto-Submitted': 'auto-replied' } },
      { from: 'hal@customers.example', headers: { Precedence: 'bulk' } },
      { from: 'hal@customers.example', headers: { 'List-Id': '<tea.lists.example>' } },
      { from: 'hal@customers.example', headers: { 'X-Auto-Response-Suppress': 'OOF, AutoReply' } },
      { from: 'no-reply@customers.example' },
      { from: US },
      { from: 'hal@customers.example', envelope: { from: '', to: US } },
      {
        from: 'hal@customers.example',
        to: 'undisclosed@elsewhere.example',
        envelope: { from: 'hal@customers.example', to: US },
      },
    ];
    for (const [n, mail] of machines.entries()) await write({ subject: `Machine ${n}`, ...mail });
    const last = await write({ from: 'human@customers.example', subject: 'A human' });
    await eventually(() => expect(repliesTo(last.address)).toHaveLength(1));
    const [hal, none, us] = ['hal@customers.example', 'no-reply@customers.example', US].map(repliesTo);
    expect([hal, none, us]).toEqual([[], [], []]);
  });
});

it('sends copies, a subject, formatting and a quote as the composer says, and nobody sees who got a blind copy', async () => {
  const first = await write({ from: 'ira@customers.example', subject: 'Tea' });
  const { raw } = await answer(first, 'Bold answer.', {
    mail: {
      cc: [{ name: 'Boss', address: 'boss@customers.example' }],
      bcc: [{ address: 'blind@customers.example' }],
      subject: 'About your tea',
      html: '<p><b>Bold</b> answer.</p>',
      quote: { text: '> Hello', html: '<blockquote type="cite">Hello</blockquote>' },
    },
  });
  expect(header(raw, 'Cc')).toBe('Boss <boss@customers.example>');
  expect(header(raw, 'Subject')).toMatch(/^About your tea/);
  expect(raw).toMatch(/Bold answer\.\r\n\r\n> Hello/);
  expect(raw).toContain('<b>Bold</b>');
  expect(raw).not.toContain('blind@');
  expect(world.sink.to('blind@customers.example')).toHaveLength(1);
});
