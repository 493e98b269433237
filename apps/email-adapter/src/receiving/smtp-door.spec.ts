import { connect, createServer } from 'node:net';
import type { AccountId } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import type { SendMailOptions } from 'nodemailer';
import { post } from '../../testing/post.ts';
import { MailboxSettings } from '../mailbox.ts';
import type { Mailbox } from '../mailbox.ts';
import { EmailSettings } from '../settings.ts';
import type { Arrival, Taken } from './arrival.ts';
import { SmtpDoor } from './smtp-door.ts';

const aMailbox = (id: string, address: string, aliases: string[] = []): Mailbox => ({
  id: id as AccountId,
  name: id,
  version: 1,
  ...MailboxSettings.parse({ address, aliases }),
});
const mailboxes = [
  aMailbox('support', 'support@shop.example', ['help@shop.example']),
  aMailbox('sales', 'sales@shop.example', ['*@sales.example']),
];

const doors: SmtpDoor[] = [];
async function aDoor(env: Record<string, unknown> = {}, outcome: (id: string) => Taken = () => 'taken') {
  const arrivals: Arrival[] = [];
  const warnings: string[] = [];
  const door = new SmtpDoor({
    settings: EmailSettings.parse({ MAIL_IN_PORT: 0, MAIL_HOSTNAME: 'mx.shop.example', ...env }),
    clock: new TestClock(),
    mailboxes: () => mailboxes,
    take: async (arrival) => {
      arrivals.push(arrival);
      return new Map(arrival.to.map(({ mailbox: { id } }) => [id, outcome(id)]));
    },
    warn: (message) => warnings.push(message),
  });
  doors.push(door);
  await door.listen();
  const send = (to: string | string[], mail: SendMailOptions = {}) =>
    post(door.port!, { from: 'ann@customers.example', to, subject: 'x', text: 'y', ...mail });
  return { arrivals, warnings, send, port: door.port! };
}
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
});

const refused = (responseCode: number) => expect.objectContaining({ responseCode });

it('takes one mail to several of our mailboxes once for each, with the addresses that meant it', async () => {
  const { arrivals, send } = await aDoor();
  const to = ['Support+tag@shop.example', 'help@shop.example', 'anybody@sales.example'];
  expect(await send(to)).toMatch(/^250 2\.6\.0/);
  expect(arrivals).toHaveLength(1);
  const named = arrivals[0]!.to.map(({ mailbox, recipients }) => [mailbox.id, recipients]);
  expect(named).toEqual([
    ['support', to.slice(0, 2)],
    ['sales', to.slice(2)],
  ]);
  expect(arrivals[0]).toMatchObject({ envelopeFrom: 'ann@customers.example', peer: { trusted: true } });
});

it('says 550 to who is nobody here, and takes the mail for the others', async () => {
  const { arrivals, send } = await aDoor();
  await expect(send('nobody@shop.example')).rejects.toEqual(refused(550));
  expect(arrivals).toHaveLength(0);
  await expect(send(['nobody@shop.example', 'sales@shop.example'])).rejects.toEqual(refused(550));
  expect(arrivals).toHaveLength(1);
});

it('says 451 when it must come again, also when only one of the mailboxes could not be reached', async () => {
  const { send } = await aDoor({}, (id) => (id === 'sales' ? 'again' : 'taken'));
  await expect(send('sales@shop.example')).rejects.toEqual(refused(451));
  await expect(send(['support@shop.example', 'sales@shop.example'])).rejects.toEqual(refused(451));
  expect(await send('support@shop.example')).toMatch(/^250/);
});

it('says 552 to what is too large, whether or not its size was told before', async () => {
  const { arrivals, port } = await aDoor({ MAIL_MAX_MB: 1 });
  const text = 'x'.repeat(1_100_000);
  await expect(post(port, { from: 'a@b.example', to: 'sales@shop.example', text })).rejects.toMatchObject({
    code: 'EMESSAGE',
  });
  const answers = await dialogue(port, [
    'EHLO x',
    'MAIL FROM:<a@b.example>',
    'RCPT TO:<sales@shop.example>',
    'DATA',
    `${'x'.repeat(70)}\r\n`.repeat(16_000) + '.',
  ]);
  expect(answers.at(-1)).toMatch(/^552/);
  expect(arrivals).toHaveLength(0);
});

it('lets strangers bring only so many, and have only so many connections', async () => {
  const env = { MAIL_TRUSTED_NETWORKS: '10.0.0.0/8', MAIL_IN_PER_SECOND: 1, MAIL_IN_CONNECTIONS: 10 };
  const { arrivals, send } = await aDoor(env);
  for (let n = 0; n < 20; n++) await send('sales@shop.example');
  await expect(send('sales@shop.example')).rejects.toEqual(refused(450));
  expect(arrivals[0]!.peer).toMatchObject({ ip: '127.0.0.1', trusted: false });
});

it('speaks LMTP, with an answer for each recipient', async () => {
  const { port } = await aDoor({ MAIL_IN: 'lmtp' }, (id) => (id === 'sales' ? 'again' : 'taken'));
  const answers = await dialogue(port, [
    'LHLO x',
    'MAIL FROM:<>',
    'RCPT TO:<sales@shop.example>',
    'RCPT TO:<support@shop.example>',
    'DATA',
    'Subject: x\r\n\r\ny\r\n.',
  ]);
  expect(answers.slice(-2).map((line) => line.slice(0, 3))).toEqual(['451', '250']);
});

it('offers no encryption that it has no certificate for, and no login', async () => {
  const { port } = await aDoor();
  const hello = (await dialogue(port, ['EHLO x'])).join('\n');
  expect(hello).toContain('mx.shop.example');
  expect(hello).not.toMatch(/STARTTLS|AUTH/);
  expect(hello).toContain('SIZE 26214400');
});

it('listens elsewhere without a word when the usual port is taken, and says so of one that was asked for', async () => {
  const other = createServer().listen(2525, '127.0.0.1');
  // Whoever has it already will do as well.
  await new Promise((resolve) => other.once('listening', resolve).once('error', resolve));
  const { port, warnings, send } = await aDoor({ MAIL_IN_PORT: undefined });
  other.close();
  expect(port).not.toBe(2525);
  expect(warnings).toEqual([]);
  expect(await send('sales@shop.example')).toMatch(/^250/);
  await expect(aDoor({ MAIL_IN_PORT: port })).rejects.toMatchObject({ code: 'port_taken' });
});

/** Says the lines one after the other; gives what was answered to each, and the greeting. */
async function dialogue(port: number, lines: string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let wake = () => undefined as void;
  socket.on('data', (chunk) => ((text += chunk.toString()), wake()));
  const finished = (from: number) => /^\d{3} .*\r\n/m.test(text.slice(from));
  const next = async (from: number) => {
    while (!finished(from)) await new Promise<void>((resolve) => (wake = resolve));
    return text.slice(from).trim();
  };
  const answers = [await next(0)];
  for (const line of lines) {
    const from = text.length;
    socket.write(`${line}\r\n`);
    answers.push(await next(from));
  }
  // LMTP answers the data once for each recipient.
  while (answers.at(-1)!.split('\r\n').length < lines.filter((line) => line.startsWith('RCPT')).length) {
    if (!lines[0]!.startsWith('LHLO')) break;
    await new Promise<void>((resolve) => (wake = resolve));
    answers[answers.length - 1] = text
      .slice(text.lastIndexOf('354'))
      .split('\r\n')
      .slice(1)
      .join('\r\n')
      .trim();
  }
  socket.destroy();
  return answers.flatMap((answer, at) => (at === answers.length - 1 ? answer.split('\r\n') : [answer]));
}
