import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { AccountId } from '@yixian/contracts';
import { MailSink, refusal } from '../../testing/mail-sink.ts';
import { MailboxSettings } from '../mailbox.ts';
import type { Mailbox } from '../mailbox.ts';
import { SmtpCarrier } from './smtp-carrier.ts';

const mailboxAt = (port: number, security = 'none'): Mailbox => ({
  id: 'support' as AccountId,
  name: 'Support',
  version: 1,
  ...MailboxSettings.parse({
    address: 'support@shop.example',
    smtp: { host: '127.0.0.1', port, security },
  }),
});
const mail = {
  messageId: '<1@shop.example>',
  from: 'support@shop.example',
  to: 'ann@customers.example',
  text: 'Hello',
};

let carrier: SmtpCarrier | undefined;
const servers: (MailSink | Server)[] = [];
afterEach(async () => {
  carrier?.close();
  for (const server of servers.splice(0)) await server.close();
});

async function aSink(): Promise<MailSink> {
  const sink = await MailSink.open();
  servers.push(sink);
  carrier = new SmtpCarrier(mailboxAt(sink.port), undefined, 'us.example');
  return sink;
}

it('hands a mail over once, and keeps the connection for the next', async () => {
  const sink = await aSink();
  const sessions = new Set<string>();
  sink.onMail = (_, session) => void sessions.add(session.id);
  for (const n of [1, 2, 3]) {
    expect(await carrier!.carry({ ...mail, messageId: `<${n}@shop.example>` })).toEqual({
      state: 'sent',
      refused: [],
    });
  }
  expect(sink.mails).toHaveLength(3);
  expect(sessions.size).toBe(1);
});

it.each([
  ['a mail for now', 451, '4.7.1 Greylisted', { code: 'policy_refused', retryable: true, certain: true }],
  ['a mail for good', 554, '5.7.1 Spam', { code: 'policy_refused', retryable: false, certain: true }],
  ['a mail without an enhanced code', 550, 'No', { code: 'refused', retryable: false, certain: true }],
])('says so of a server that refuses %s', async (_, code, words, expected) => {
  const sink = await aSink();
  sink.onMail = () => Promise.reject(refusal(code, words));
  await expect(carrier!.carry(mail)).rejects.toMatchObject(expected);
});

it.each([
  [550, '5.1.1 User unknown', { code: 'address_unknown', retryable: false, certain: true }],
  [552, '5.2.2 Mailbox full', { code: 'mailbox_full', retryable: false, certain: true }],
  [450, '4.2.0 Busy', { code: 'refused_for_now', retryable: true, certain: true }],
])('knows what a recipient refused with %i %s means', async (code, words, expected) => {
  const sink = await aSink();
  sink.onRecipient = () => refusal(code, words);
  await expect(carrier!.carry(mail)).rejects.toMatchObject(expected);
});

it('tells who was refused while others were not', async () => {
  const sink = await aSink();
  sink.onRecipient = (address) => (address.startsWith('gone') ? refusal(550, '5.1.1 Gone') : undefined);
  const to = ['ann@customers.example', 'gone@customers.example'];
  expect(await carrier!.carry({ ...mail, to })).toEqual({
    state: 'sent',
    refused: ['gone@customers.example'],
  });
});

it('gives nothing to a server that offers no STARTTLS where the mailbox demands it', async () => {
  const sink = await aSink();
  carrier = new SmtpCarrier(mailboxAt(sink.port, 'starttls'), undefined, 'us.example');
  await expect(carrier.carry(mail)).rejects.toMatchObject({ certain: true });
  expect(sink.mails).toHaveLength(0);
});

it('may try again when nobody listens', async () => {
  const sink = await aSink();
  await sink.close();
  servers.length = 0;
  await expect(carrier!.carry(mail)).rejects.toMatchObject({
    code: 'server_unreachable',
    retryable: true,
    certain: true,
  });
});

it.each([
  ['before the data', 'DATA', { code: 'server_unreachable', retryable: true, certain: true }],
  ['after the last dot', '\r\n.\r\n', { code: 'connection_lost', retryable: false, certain: false }],
])(
  'of a connection lost %s knows what can be known, and never sends again by itself',
  async (_, at, expected) => {
    const seen: string[] = [];
    const server = createServer((socket) => speak(socket, at, seen)).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    carrier = new SmtpCarrier(mailboxAt((server.address() as AddressInfo).port), undefined, 'us.example');
    await expect(carrier.carry(mail)).rejects.toMatchObject(expected);
    expect(seen.filter((line) => line.startsWith('MAIL'))).toHaveLength(1);
  },
);

/** A server that hangs up as soon as it has heard `at`. */
function speak(socket: Socket, at: string, seen: string[]): void {
  let text = '';
  let inData = false;
  socket.on('error', () => undefined);
  socket.write('220 x\r\n');
  socket.on('data', (chunk) => {
    text += chunk.toString();
    if (text.includes(at)) return void socket.destroy();
    if (inData) return;
    const lines = text.split('\r\n');
    text = lines.pop()!;
    for (const line of lines) {
      seen.push(line);
      inData = line === 'DATA';
      socket.write(inData ? '354 go on\r\n' : '250 ok\r\n');
    }
  });
}
