import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type {
  AccountCheck,
  AccountId,
  ContactDetail,
  Conversation,
  ConversationPage,
  Entry,
  TimelinePage,
  WrittenEntry,
} from '@yixian/contracts';
import { newId } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import type { SendMailOptions, Transporter } from 'nodemailer';
import { io } from 'socket.io-client';
import { startDovecot } from '../../../tools/mail/dovecot.mjs';
import type { Dovecot } from '../../../tools/mail/dovecot.mjs';
import { startPostfix } from '../../../tools/mail/postfix.mjs';
import type { Postfix } from '../../../tools/mail/postfix.mjs';
import { admin } from './admin-command.ts';
import { DeskApi } from './desk-api.ts';
import { freePort, RunningProcess } from './running-process.ts';

// Installing the mail servers, where they must be, takes a while.
jest.setTimeout(300_000);

const LMTP_MAILBOX = 'support@shop.test';
const IMAP_MAILBOX = 'sales@imap.test';
/** The name by which our front server signs what it found. */
const FRONT = 'mx.shop.test';
const CHAT_SECRET = 'a secret that the shop shares with its chat';

let dovecot: Dovecot;
let postfix: Postfix;
let folder: string;
let desk: RunningProcess;
let env: Record<string, string>;
let api: DeskApi;
let outside: Transporter;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yixian-mail-journey-'));
  const [port, internal, lmtp] = await Promise.all([freePort(), freePort(), freePort()]);
  dovecot = await startDovecot();
  postfix = await startPostfix({
    lmtp: { 'shop.test': lmtp, 'imap.test': dovecot.lmtpPort, 'customers.test': dovecot.lmtpPort },
  });
  outside = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true, pool: true });
  env = {
    PORT: `${port}`,
    INTERNAL_PORT: `${internal}`,
    DATA_DIR: folder,
    LOG_LEVEL: 'warn',
    MAIL_IN: 'lmtp',
    MAIL_IN_PORT: `${lmtp}`,
    MAIL_AUTHSERV_ID: FRONT,
  };
  desk = new RunningProcess('standalone/main.js', env);
  await desk.start();
  await eventually(() => desk.output.some((line) => line.includes('/demo')), 60_000);
  api = new DeskApi(`http://127.0.0.1:${port}`, await admin(env, 'token', 'create', '--role', 'admin'));
  const smtp = { host: '127.0.0.1', port: postfix.port, security: 'none' };
  const imap = {
    host: '127.0.0.1',
    port: dovecot.imapPort,
    security: 'none',
    user: 'sales',
    password: dovecot.password,
    history: 'all',
  };
  await makeAccount('support', { address: LMTP_MAILBOX, smtp });
  await makeAccount('sales', { address: IMAP_MAILBOX, smtp, imap });
});
afterAll(async () => {
  outside?.close();
  await desk?.stop();
  await postfix?.stop();
  await dovecot?.stop();
  await rm(folder, { recursive: true, force: true });
});

const makeAccount = (id: string, settings: object) =>
  api.call('POST', 'accounts', { id, channel: 'email', name: '山岚茶舍', settings });

/** A customer's program hands a mail to their server. */
const write = (mail: SendMailOptions) => outside.sendMail({ text: 'Hello', ...mail });

/** All of a channel, page by page. */
async function conversations(channel = 'email'): Promise<Conversation[]> {
  const all: Conversation[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ view: 'all', limit: '200', channel, ...(cursor && { cursor }) });
    const page: ConversationPage = await api.call('GET', `conversations?${query.toString()}`);
    all.push(...page.conversations);
    cursor = page.next;
  }
  return all;
}

/** What the customers whose addresses begin so have written, sorted. */
async function textsFrom(prefix: string): Promise<string[]> {
  const theirs = (await conversations()).filter(({ address }) => address.startsWith(prefix));
  const contacts = [...new Set(theirs.map(({ contactId }) => contactId))];
  const entries = (await Promise.all(contacts.map(messagesOf))).flat();
  return entries.map(({ text }) => text.split('\n')[0]!).sort();
}

async function messagesOf(contact: string): Promise<Entry[]> {
  return (await api.call<TimelinePage>('GET', `contacts/${contact}/timeline?kinds=message&limit=200`))
    .entries;
}

/** The conversation with a customer of one of our mailboxes. */
async function conversationWith(address: string, account: string): Promise<Conversation> {
  const found = async () =>
    (await conversations()).find((one) => one.address === address && one.account === (account as AccountId));
  await eventually(async () => (await found()) !== undefined, 60_000);
  return (await found())!;
}

/** The chat that is there, or comes, beside those we know. */
async function chatBeside(known: Conversation[]): Promise<Conversation> {
  const found = async () =>
    (await conversations('chat')).find(({ id }) => known.every((one) => one.id !== id));
  await eventually(async () => (await found()) !== undefined, 60_000);
  return (await found())!;
}

async function answer(to: Conversation, text: string): Promise<Entry> {
  const id = newId();
  const body = { id, text, seenSeq: to.lastSeq, force: true };
  return (await api.call<WrittenEntry>('POST', `conversations/${to.id}/messages`, body)).entry;
}

/** What lies in a customer's inbox, as their program gets it. */
async function inboxOf(user: string): Promise<string[]> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: dovecot.imapPort,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: dovecot.password },
    logger: false,
  });
  client.on('error', () => undefined);
  await client.connect();
  const box = await client.mailboxOpen('INBOX');
  const found = box.exists > 0 ? await client.fetchAll('1:*', { source: true }) : [];
  await client.logout();
  return found.map(({ source }) => String(source));
}

const header = (raw: string, name: string): string =>
  new RegExp(`^${name}: ((?:.*)(?:\r\n[ \t].*)*)`, 'im').exec(raw)?.[1]?.replace(/\r\n\s+/g, ' ') ?? '';

it.each([
  ['by LMTP', 'ann', LMTP_MAILBOX, 'support'],
  ['by IMAP', 'bea', IMAP_MAILBOX, 'sales'],
])(
  'a mail comes in %s, is answered, and the answer to that is of the same conversation',
  async (_, user, us, account) => {
    const from = `${user}@customers.test`;
    const { messageId } = await write({ from, to: us, subject: 'Where is my tea?' });
    const conversation = await conversationWith(from, account);
    const sent = await answer(conversation, 'It is under way.');
    await eventually(async () => expect(await inboxOf(user)).toHaveLength(1), 60_000);
    const [mail = ''] = await inboxOf(user);
    expect(header(mail, 'In-Reply-To')).toBe(messageId);
    expect(header(mail, 'Message-ID')).toContain(sent.id);
    await write({
      from,
      to: header(mail, 'Reply-To') || us,
      subject: 'Re: Where is my tea?',
      inReplyTo: header(mail, 'Message-ID'),
      text: 'Thank you!',
    });
    await eventually(async () => {
      const texts = (await messagesOf(conversation.contactId)).map(({ text }) => text);
      expect(texts).toEqual(['Hello', 'It is under way.', 'Thank you!']);
    }, 60_000);
    const [state] = (await messagesOf(conversation.contactId)).flatMap(({ delivery }) =>
      delivery ? [delivery.state] : [],
    );
    expect(state).toBe('sent');
  },
);

it('loses no mail and doubles none when the desk and the servers’ workers are killed', async () => {
  const count = 80;
  const sending: Promise<unknown>[] = [];
  for (let n = 0; n < count; n++) {
    const to = n % 2 ? IMAP_MAILBOX : LMTP_MAILBOX;
    sending.push(
      write({ from: `kill-${n % 8}@customers.test`, to, subject: `Kill ${n}`, text: `kill ${n}` }),
    );
    if (n % 25 === 12) dovecot.killImapWorkers();
    if (n % 40 === 20) {
      await Promise.all(sending);
      await desk.crash();
      await desk.start();
    }
  }
  await Promise.all(sending);
  const all = Array.from({ length: count }, (_, n) => `kill ${n}`).sort();
  await eventually(async () => expect(await textsFrom('kill-')).toEqual(all), 120_000);
});

it('takes a thousand mails of 5 KB and loses none', async () => {
  const words = '茶香四溢，山岚如烟。 The quick brown fox pours the tea. '.repeat(60);
  const mails = Array.from({ length: 1000 }, (_, n) =>
    write({
      from: `many-${n % 50}@customers.test`,
      to: LMTP_MAILBOX,
      subject: 'Many',
      text: `many ${n}\n\n${words}`,
    }),
  );
  await Promise.all(mails);
  const all = Array.from({ length: 1000 }, (_, n) => `many ${n}`).sort();
  await eventually(async () => expect(await textsFrom('many-')).toEqual(all), 180_000);
});

it('puts a mail on the timeline of who also chats only when it is proved, and else suggests it', async () => {
  await api.call('PATCH', 'accounts/demo', { settings: { origins: ['*'], identitySecret: CHAT_SECRET } });
  await chatAs('cleo@customers.test');
  const chat = await chatBeside([]);

  const proof = `${FRONT}; dkim=pass header.d=customers.test; dmarc=pass header.from=customers.test`;
  const proved = { from: 'cleo@customers.test', to: LMTP_MAILBOX, subject: 'Proved' };
  await write({ ...proved, headers: { 'Authentication-Results': proof } });
  expect((await conversationWith('cleo@customers.test', 'support')).contactId).toBe(chat.contactId);

  await write({ from: 'dora@customers.test', to: LMTP_MAILBOX, subject: 'Not proved' });
  const mail = await conversationWith('dora@customers.test', 'support');
  await chatAs('dora@customers.test');
  const other = await chatBeside([chat]);
  expect(other.contactId).not.toBe(mail.contactId);
  await eventually(async () => {
    const { suggestions } = await api.call<ContactDetail>('GET', `contacts/${mail.contactId}`);
    expect(suggestions).toMatchObject([{ claim: expect.stringContaining('dora@customers.test') }]);
  });
});

it('says in words whether a mailbox works', async () => {
  const imap = {
    host: '127.0.0.1',
    port: dovecot.imapPort,
    security: 'none',
    user: 'sales',
    password: 'wrong',
  };
  const settings = { address: 'new@imap.test', imap };
  const { findings } = await api.call<AccountCheck>('POST', 'accounts/check', { channel: 'email', settings });
  const wrong = findings.find(({ part }) => part === 'imap');
  expect(wrong).toMatchObject({ state: 'wrong', says: { 'zh-CN': expect.stringContaining('授权码') } });
  const stored = await api.call<AccountCheck>('POST', 'accounts/check', { channel: 'email', id: 'sales' });
  expect(
    stored.findings.filter(({ part }) => ['imap', 'smtp'].includes(part)).map(({ state }) => state),
  ).toEqual(['ok', 'ok']);
});

/** Somebody whom the shop knows writes in the chat. */
async function chatAs(email: string): Promise<void> {
  const now = Math.floor(new Date().getTime() / 1000);
  const claims = { sub: email, aud: 'demo', iat: now, exp: now + 600, email, email_verified: true };
  const encoded = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createHmac('sha256', CHAT_SECRET).update(encoded.join('.')).digest('base64url');
  const identity = `${encoded.join('.')}.${signature}`;
  // The chat learns of its new secret a moment after the desk.
  await eventually(() => sayInChat(identity), 30_000);
}

function sayInChat(identity: string): Promise<boolean> {
  const socket = io(`http://127.0.0.1:${env['PORT']}/visitor`, {
    auth: { site: 'demo', identity },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  return new Promise<boolean>((resolve) => {
    socket.on('connect_error', () => resolve(false));
    socket.on('joined', () => {
      const said: Promise<object> = socket
        .timeout(10_000)
        .emitWithAck('say', { nonce: newId(), text: 'Hello from the chat' });
      void said.then((answered) => resolve(!('error' in answered)));
    });
  }).finally(() => socket.close());
}
