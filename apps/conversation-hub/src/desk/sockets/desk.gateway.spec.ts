import { jest } from '@jest/globals';
import { eventually } from '@yixian/contracts/testing';
import { customerKey, topics } from '@yixian/contracts';
import type {
  Conversation,
  CreatedToken,
  DeskEvent,
  Problem,
  Signal,
  Synced,
  Watched,
} from '@yixian/contracts';
import type { Bus } from '@yixian/bus';
import { BUS } from '@yixian/service';
import { Browser } from '../../../testing/a-browser.ts';
import { aDesk } from '../../../testing/a-desk.ts';
import type { Desk, LoggedIn } from '../../../testing/a-desk.ts';
import { aReply } from '../../../testing/a-reply.ts';
import { aMessage } from '../../../testing/record.ts';

// Logging in is slow by intent.
jest.setTimeout(30_000);

let desk: Desk;
let replica: Desk;
let lin: LoggedIn;
const open: Browser[] = [];
const browser = async (agent: LoggedIn, at: Desk = desk) => {
  const opened = await eventually(() => Browser.of(agent, at.url));
  open.push(opened);
  return opened;
};

beforeAll(async () => {
  desk = await aDesk();
  replica = await aDesk({ database: desk.database });
  lin = await desk.logIn('agent', { name: '林' });
});
afterEach(() => open.splice(0).forEach((one) => one.close()));
afterAll(async () => {
  await replica.stop();
  await desk.stop();
});

const aCustomer = async (address: string) => (await desk.take([aMessage({ address })]))[0]!;
const watch = (one: Browser, { contactId }: Conversation, have: [string, number][] = []) =>
  one.ask<Watched>('watch', { contactId, have });

describe('who may open a socket', () => {
  const refusal = (options: Parameters<typeof Browser.open>[1]) =>
    Browser.open(desk.url, options).then(
      (opened) => {
        open.push(opened);
        return 'let in';
      },
      (error: Error & { data?: Problem }) => error.data?.error.code,
    );

  it('lets in an agent from the inbox, and a program with a token', async () => {
    const admin = await desk.logIn('admin');
    const { token } = (await admin.post<CreatedToken>('/api/tokens', { name: 'wall', role: 'agent' })).body;
    const doors: Parameters<typeof Browser.open>[1][] = [
      { headers: { cookie: lin.cookie, origin: desk.url } },
      { headers: { cookie: lin.cookie } },
      { auth: { token } },
      { headers: { authorization: `Bearer ${token}` } },
    ];
    for (const door of doors) expect(await refusal(door)).toBe('let in');
  });

  it('refuses strangers, wrong tokens, and a cookie that another site sends along', async () => {
    expect(await refusal({})).toBe('unauthenticated');
    expect(await refusal({ auth: { token: 'yx_wrong' } })).toBe('unauthenticated');
    expect(await refusal({ auth: { token: { $ne: '' } } })).toBe('unauthenticated');
    const { cookie } = lin;
    expect(await refusal({ headers: { cookie, origin: 'https://evil.example' } })).toBe('origin_refused');
    expect(await refusal({ headers: { cookie, 'sec-fetch-site': 'cross-site' } })).toBe('origin_refused');
  });
});

it('says where things stand, first thing', async () => {
  const synced = await (await browser(lin)).ask<Synced>('sync');
  expect(synced).toMatchObject({ counts: { mine: 0 }, viewing: [], build: 'none' });
  expect(Math.abs(Date.parse(synced.serverTime) - Date.now())).toBeLessThan(60_000);
});

it('tells every agent of the row, and those who watch of the entry, once', async () => {
  const conversation = await aCustomer('rows');
  const [watching, other, elsewhere] = [await browser(lin), await browser(lin), await browser(lin, replica)];
  await watch(watching, conversation, [[conversation.id, conversation.version]]);
  await desk.take([aMessage({ address: 'rows', text: 'second' })]);
  await eventually(() => {
    expect(watching.heard('entry').map(({ entry }) => entry.text)).toEqual(['second']);
    for (const one of [other, elsewhere])
      expect(one.heard('conversation').filter((e) => e.conversation.id === conversation.id)).toMatchObject([
        { conversation: { lastSeq: 2 } },
      ]);
  });
  expect(watching.heard('conversation').filter((e) => e.conversation.id === conversation.id)).toEqual([]);
  expect(other.heard('entry')).toEqual([]);
});

it('gives exactly what was missed, and nothing twice', async () => {
  const conversation = await aCustomer('missed');
  const away = await browser(lin);
  await watch(away, conversation, [[conversation.id, conversation.version]]);
  away.close();
  await desk.take([aMessage({ address: 'missed', text: 'while away' })]);
  await lin.post(`/api/conversations/${conversation.id}/messages`, aReply({ text: 'answered elsewhere' }));
  const back = await browser(lin, replica);
  const { missed, reset } = await watch(back, conversation, [[conversation.id, conversation.version]]);
  expect(reset).toBe(false);
  const texts = missed.flatMap((event) => (event.type === 'entry' ? event.entry.text : []));
  expect(texts).toEqual(['while away', 'answered elsewhere']);
});

it('loses nothing of what happens while a browser begins to watch', async () => {
  const conversation = await aCustomer('race');
  const writing = Array.from(
    { length: 30 },
    (_, n) => () => desk.take([aMessage({ address: 'race', text: `${n}` })]),
  );
  const busy = (async () => {
    for (const write of writing) await write();
  })();
  const late = await browser(lin);
  const { missed } = await watch(late, conversation, [[conversation.id, conversation.version]]);
  await busy;
  await eventually(() => {
    const seqs = [...missed, ...late.events].flatMap((e: DeskEvent) =>
      e.type === 'entry' ? e.entry.seq : [],
    );
    expect([...new Set(seqs)].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 2));
  });
});

it('tells of what a channel publishes, and its metrics of who listens', async () => {
  const conversation = await aCustomer('published');
  const watching = await browser(lin, replica);
  await watch(watching, conversation);
  const data = aMessage({ address: 'published', text: 'by the bus' });
  await desk.get<Bus>(BUS).publish([{ topic: topics.inbound, key: customerKey(data), data }]);
  await eventually(() =>
    expect(watching.heard('entry').map(({ entry }) => entry.text)).toContain('by the bus'),
  );
  const metrics = await (await fetch(`${replica.internalUrl}/metrics`)).text();
  expect(metrics).toContain('yixian_desk_sockets{state="live"} 1');
});

it('stops telling entries once a browser watches no more', async () => {
  const conversation = await aCustomer('unwatched');
  const one = await browser(lin);
  await watch(one, conversation);
  await one.ask('unwatch', { contactId: conversation.contactId });
  await desk.take([aMessage({ address: 'unwatched' })]);
  await eventually(() =>
    expect(one.heard('conversation').map((e) => e.conversation.id)).toContain(conversation.id),
  );
  expect(one.heard('entry')).toEqual([]);
});

it('shows who else looks at a contact, on every replica, until they leave', async () => {
  const { contactId } = await aCustomer('viewed');
  const mei = await desk.logIn('agent', { name: 'Mei' });
  const [hers, mine] = [await browser(mei, replica), await browser(lin)];
  await hers.ask('viewing', { contactId, typing: true });
  const viewing = { agent: { id: mei.session.agent.id, name: 'Mei' }, contactId, typing: true };
  await eventually(() => expect(mine.heard('viewing')).toMatchObject([viewing]));
  expect((await mine.ask<Synced>('sync')).viewing).toMatchObject([viewing]);
  hers.close();
  await eventually(() => expect(mine.heard('viewing').at(-1)).toMatchObject({ contactId: null }));
  expect((await mine.ask<Synced>('sync')).viewing).toEqual([]);
});

it('tells those who watch that the customer types and is here, and tells the customer that the agent types', async () => {
  const conversation = await aCustomer('types');
  const { channel, account, address, contactId, id } = conversation;
  const [watching, other] = [await browser(lin), await browser(lin)];
  await watch(watching, conversation);
  const at = new Date().toISOString();
  const say = (data: Signal) => desk.get<Bus>(BUS).publish([{ topic: topics.signals, key: address, data }]);
  await say({ kind: 'typing', by: 'customer', channel, account, address, at });
  const page = { url: 'https://shop.example/tea', title: 'Tea' };
  await say({ kind: 'customer.presence', online: true, page, channel, account, address, at });
  await eventually(() => {
    expect(watching.heard('typing')).toEqual([{ type: 'typing', contactId, conversationId: id, at }]);
    expect(watching.heard('presence')).toEqual([{ type: 'presence', contactId, online: true, page }]);
  });
  expect([...other.heard('typing'), ...other.heard('presence')]).toEqual([]);
  expect((await watch(other, conversation)).missed).toContainEqual({
    type: 'presence',
    contactId,
    online: true,
    page,
  });

  await Promise.all([1, 2, 3].map(() => watching.ask('typing', { conversationId: id })));
  await eventually(async () => {
    const told = await desk.database.query<{ value: string }>(
      `select value from bus.log where topic = $1 and value like '%"agent"%' and value like '%"types"%'`,
      [topics.signals.name],
    );
    const said = told.map(({ value }) => JSON.parse(value) as unknown);
    expect(said).toMatchObject([{ kind: 'typing', by: 'agent', name: '林', address }]);
  });
});

it('pushes the counts when they change, each agent their own', async () => {
  const mei = await desk.logIn('agent', { name: 'Mei' });
  const [hers, mine] = [await browser(mei), await browser(lin)];
  const before = (await mine.ask<Synced>('sync')).counts;
  await hers.ask('sync');
  const conversation = await aCustomer('counted');
  await mei.post(`/api/conversations/${conversation.id}/assign`, { agentId: mei.session.agent.id });
  await eventually(() => {
    expect(hers.heard('counts').at(-1)?.counts).toEqual({ ...before, mine: 1, all: before.all + 1 });
    expect(mine.heard('counts').at(-1)?.counts).toEqual({ ...before, all: before.all + 1 });
  });
});

describe('bad input', () => {
  const codeOf = (answer: unknown) => (answer as Problem).error.code;

  it.each([
    ['a watch without a contact', 'watch', {}, 'invalid'],
    ['a contact that is none', 'watch', { contactId: '1; drop table', have: [] }, 'invalid'],
    ['an unknown contact', 'watch', { contactId: crypto.randomUUID(), have: [] }, 'not_found'],
    [
      'a list that is too long',
      'watch',
      { contactId: crypto.randomUUID(), have: Array(1001).fill([crypto.randomUUID(), 0]) },
      'invalid',
    ],
    ['no object at all', 'viewing', 'x', 'invalid'],
    ['an unknown conversation', 'typing', { conversationId: crypto.randomUUID() }, 'not_found'],
    ['an unknown message', 'shutdown', {}, 'unsupported'],
    ['the name of a property', '__proto__', {}, 'unsupported'],
  ])('refuses %s', async (_, message, body, code) => {
    expect(codeOf(await (await browser(lin)).ask(message, body))).toBe(code);
  });

  it('limits how much one browser may ask', async () => {
    const hasty = await browser(lin);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => hasty.ask('viewing', { contactId: null, typing: false })),
    );
    expect(answers.filter((answer) => 'error' in (answer as object)).map(codeOf)).toContain('rate_limited');
    expect(hasty.socket.connected).toBe(true);
  });

  it('closes on a frame that is too large or no packet, and goes on for others', async () => {
    const good = await browser(lin);
    for (const frame of [
      '4',
      '42/agent,{"no":',
      '42/agent,["events"',
      '4999/agent,[',
      `42/agent,["x","${'x'.repeat(600_000)}"]`,
    ]) {
      const bad = await browser(lin);
      const gone = new Promise((resolve) => bad.socket.once('disconnect', resolve));
      const { transport } = bad.socket.io.engine as unknown as {
        transport: { ws: { send(text: string): void } };
      };
      transport.ws.send(frame);
      await gone;
    }
    expect(await good.ask('sync')).toHaveProperty('serverTime');
  });
});
