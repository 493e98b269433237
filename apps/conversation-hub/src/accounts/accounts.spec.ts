import { jest } from '@jest/globals';
import type { Bus } from '@yixian/bus';
import { eventually } from '@yixian/contracts/testing';
import { Account, ChannelList, topics } from '@yixian/contracts';
import type {
  AccountChanged,
  AccountCheckAsked,
  AccountCheckEvent,
  AccountFaces,
  AccountId,
  AuditPage,
  ChannelAnnounced,
  ChannelName,
  Problem,
} from '@yixian/contracts';
import { openSettings } from '@yixian/contracts/node';
import { BUS, SECRET } from '@yixian/service';
import type { MasterSecret } from '@yixian/service';
import { aDesk } from '../../testing/a-desk.ts';
import type { Desk, LoggedIn } from '../../testing/a-desk.ts';
import { Accounts } from './accounts.ts';

// Logging in is slow by intent.
jest.setTimeout(30_000);

const pigeon: ChannelAnnounced = {
  kind: 'channel.announced',
  id: '7a0f4f0e-30c5-4bd5-8d43-1d0c1b4f7d11',
  channel: 'pigeon' as ChannelName,
  name: { 'zh-CN': '信鸽', en: 'Pigeon' },
  icon: 'M0 0h24v24H0z',
  abilities: ['state'],
  settings: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['loft', 'key'],
    properties: {
      loft: {
        type: 'string',
        format: 'hostname',
        'x-agents': true,
        'x-label': { 'zh-CN': '鸽舍', en: 'Loft' },
      },
      key: { type: 'string', minLength: 8, 'x-secret': true },
      feed: {
        type: 'object',
        properties: { pin: { type: 'string', 'x-secret': true }, grams: { type: 'integer' } },
      },
    },
  },
  at: '2026-11-22T09:00:00.000Z',
};
const settings = { loft: 'loft.example', key: 'open sesame', feed: { pin: '4711', grams: 30 } };

let desk: Desk;
let admin: LoggedIn;
beforeAll(async () => {
  desk = await aDesk();
  admin = await desk.logIn('admin');
  await desk.get<Bus>(BUS).publish([{ topic: topics.channels, key: pigeon.channel, data: pigeon }]);
  await eventually(async () => (await admin.get<ChannelList>('/api/channels')).body.channels.length === 1);
});
afterAll(() => desk.stop());

const wanted = { channel: pigeon.channel, name: 'North loft', settings };

/** What the channel was told, oldest first. */
async function told(): Promise<AccountChanged[]> {
  const rows = await desk.database.query<{ value: string }>(
    `select value from bus.log where topic = $1 order by partition, "offset"`,
    [topics.accounts.name],
  );
  return rows.map(({ value }) => topics.accounts.schema.parse(JSON.parse(value)) as AccountChanged);
}

const opened = (of: AccountChanged) =>
  openSettings(pigeon.settings, of.settings, desk.get<MasterSecret>(SECRET).key('account-settings'));

it('shows the channels that announced themselves', async () => {
  const { channels } = ChannelList.parse((await admin.get('/api/channels')).body);
  expect(channels[0]).toMatchObject({ channel: 'pigeon', name: { 'zh-CN': '信鸽' } });
});

it('keeps an account, gives its secrets to nobody but the channel, and lets that open them', async () => {
  const { status, body } = await admin.post('/api/accounts', wanted);
  expect(status).toBe(201);
  const account = Account.parse(body);
  expect(account.id).toMatch(/^north-loft-[0-9a-f]{6}$/);
  expect(account.settings).toEqual({
    loft: 'loft.example',
    key: { set: true },
    feed: { pin: { set: true }, grams: 30 },
  });
  const change = (await told()).at(-1)!;
  expect(change).toMatchObject({ account: account.id, version: 1, enabled: true, removed: false });
  expect(JSON.stringify(change)).not.toMatch(/sesame|4711/);
  expect(opened(change)).toEqual(settings);
  const [row] = await desk.database.query<{ text: string }>('select settings::text as text from hub.account');
  expect(row!.text).not.toMatch(/sesame|4711/);
  const { records } = (await admin.get<AuditPage>(`/api/audit?subject=${account.id}`)).body;
  expect(records).toMatchObject([{ action: 'account.created' }]);
  expect(JSON.stringify(records)).not.toMatch(/sesame|4711/);
});

it('keeps the secrets that a change does not name, and tells the channel of each change', async () => {
  const { id } = (await admin.post<Account>('/api/accounts', { ...wanted, id: 'kept' })).body;
  const changed = { loft: 'south.example', key: { set: true }, feed: { grams: 40 } };
  const patched = await admin.patch<Account>(`/api/accounts/${id}`, { settings: changed, enabled: false });
  expect(patched.body).toMatchObject({ version: 2, enabled: false, name: 'North loft' });
  expect(opened((await told()).at(-1)!)).toEqual({
    loft: 'south.example',
    key: 'open sesame',
    feed: { pin: '4711', grams: 40 },
  });
  await admin.patch(`/api/accounts/${id}`, { settings: { ...settings, key: 'another key' } });
  expect(opened((await told()).at(-1)!)).toMatchObject({ key: 'another key' });
  expect((await told()).at(-1)).toMatchObject({ version: 3, enabled: false });
});

it('removes an account for good: its id is never used again', async () => {
  await admin.post('/api/accounts', { ...wanted, id: 'gone' });
  expect((await admin.delete('/api/accounts/gone')).status).toBe(204);
  expect((await told()).at(-1)).toMatchObject({ account: 'gone', removed: true, version: 2 });
  const { accounts } = (await admin.get<{ accounts: Account[] }>('/api/accounts')).body;
  expect(accounts.map(({ id }) => id)).not.toContain('gone');
  expect((await admin.delete('/api/accounts/gone')).status).toBe(404);
  expect((await admin.post('/api/accounts', { ...wanted, id: 'gone' })).status).toBe(409);
});

it.each([
  ['a channel that never ran here', { ...wanted, channel: 'smoke' }, ['channel']],
  ['a missing setting', { ...wanted, settings: { key: 'open sesame' } }, ['settings.loft']],
  [
    'a setting that the channel does not know',
    { ...wanted, settings: { ...settings, lofft: 1 } },
    ['settings.lofft'],
  ],
  [
    'several faults, all at once',
    { ...wanted, settings: { loft: 'no host', key: 'short' } },
    ['settings.key', 'settings.loft'],
  ],
  [
    'a secret that claims to be sealed',
    { ...wanted, settings: { ...settings, key: { sealed: 'v1.AAAA' } } },
    ['settings.key'],
  ],
  ['an id that is none', { ...wanted, id: 'Über' }, ['id']],
])('refuses %s', async (_, body, paths) => {
  const before = (await told()).length;
  const answer = await admin.post<Problem>('/api/accounts', body);
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } });
  expect(answer.body.error.details!.map(({ path }) => path).sort()).toEqual(paths);
  expect(await told()).toHaveLength(before);
});

it('lets the channel try settings, saved or not, and passes on its words', async () => {
  const bus = desk.get<Bus>(BUS);
  const asked: AccountCheckAsked[] = [];
  const findings = [
    { part: 'loft', state: 'ok' as const, says: { 'zh-CN': '鸽舍开着', en: 'The loft is open' } },
  ];
  const channel = await bus.subscribe<AccountCheckEvent>({
    topic: topics.checks,
    delivery: 'every',
    handler: async ({ events }) => {
      for (const { data } of events) {
        if (data.kind !== 'account.check.asked') continue;
        asked.push(data);
        const answered = {
          kind: 'account.check.answered' as const,
          id: data.id,
          channel: data.channel,
          findings,
          at: data.at,
        };
        await bus.publish([{ topic: topics.checks, key: data.channel, data: answered }]);
      }
    },
  });
  await channel.ready;
  await admin.post('/api/accounts', { ...wanted, id: 'checked' });
  const unsaved = await admin.post('/api/accounts/check', { channel: pigeon.channel, settings });
  expect(unsaved).toMatchObject({ status: 200, body: { findings } });
  const changed = { ...settings, loft: 'other.example', key: { set: true } };
  await admin.post('/api/accounts/check', { channel: pigeon.channel, id: 'checked', settings: changed });
  const key = desk.get<MasterSecret>(SECRET).key('account-settings');
  expect(asked.map((one) => openSettings(pigeon.settings, one.settings, key))).toEqual([
    settings,
    { ...settings, loft: 'other.example' },
  ]);
  expect(JSON.stringify(asked)).not.toMatch(/sesame|4711/);
  const refused = await admin.post<Problem>('/api/accounts/check', { channel: pigeon.channel, settings: {} });
  expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } });
  await channel.stop();
});

it('passes on how an account stands, to admins alone, and asks nobody about one that is switched off', async () => {
  const bus = desk.get<Bus>(BUS);
  let asked = 0;
  const findings = [
    { part: 'perch', state: 'warning' as const, says: { 'zh-CN': '请扫码', en: 'Scan it' }, scan: 'coo' },
  ];
  const channel = await bus.subscribe<AccountCheckEvent>({
    topic: topics.checks,
    delivery: 'every',
    handler: async ({ events }) => {
      for (const { data } of events) {
        if (data.kind !== 'account.state.asked' || data.account !== 'standing') continue;
        asked += 1;
        const kind = 'account.check.answered' as const;
        const answered = { kind, id: data.id, channel: data.channel, findings, at: data.at };
        await bus.publish([{ topic: topics.checks, key: data.channel, data: answered }]);
      }
    },
  });
  await channel.ready;
  await admin.post('/api/accounts', { ...wanted, id: 'standing' });
  expect(await admin.get('/api/accounts/standing/state')).toMatchObject({ status: 200, body: { findings } });
  expect(asked).toBe(1);
  expect(await admin.get('/api/accounts/nobody/state')).toMatchObject({ status: 404 });
  const supervisor = await desk.logIn('supervisor');
  expect(await supervisor.get('/api/accounts/standing/state')).toMatchObject({ status: 403 });
  await admin.patch('/api/accounts/standing', { enabled: false });
  const off = await admin.get('/api/accounts/standing/state');
  expect(off).toMatchObject({ status: 200, body: { findings: [] } });
  expect(asked).toBe(1);
  await channel.stop();
});

it('refuses a sealed value that was not sealed here, also in a change', async () => {
  await admin.post('/api/accounts', { ...wanted, id: 'tampered' });
  const change = { settings: { ...settings, key: { sealed: 'v1.AAAA' } } };
  const answer = await admin.patch<Problem>('/api/accounts/tampered', change);
  expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ path: 'settings.key' }] } } });
});

it('makes the account of a first start once, as soon as its channel is there', async () => {
  const accounts = desk.get(Accounts);
  const first = { ...wanted, id: 'demo' as AccountId, channel: 'drum' as ChannelName };
  const making = accounts.ensureAccount(first);
  const drum = { ...pigeon, id: crypto.randomUUID(), channel: first.channel };
  await desk.get<Bus>(BUS).publish([{ topic: topics.channels, key: drum.channel, data: drum }]);
  await making;
  await admin.patch('/api/accounts/demo', { name: 'Mine now' });
  await accounts.ensureAccount(first);
  const { accounts: listed } = (await admin.get<{ accounts: Account[] }>('/api/accounts')).body;
  expect(listed.filter(({ id }) => id === 'demo')).toMatchObject([{ name: 'Mine now', version: 2 }]);
});

it('tells the channels every account again at each start, since the bus may be a new one', async () => {
  const newest = () => told().then((all) => new Map(all.map((one) => [one.account, one])));
  const before = await newest();
  await desk.database.query('delete from bus.log where topic = $1', [topics.accounts.name]);
  await desk.get<Accounts>(Accounts).onApplicationBootstrap();
  const after = await newest();
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  for (const [id, { version, settings, removed }] of before) {
    expect(after.get(id)).toMatchObject({ version, settings, removed });
  }
});

it('shows agents what the schema says they may see, and takes a secret away when told to', async () => {
  const { body: account } = await admin.post<Account>('/api/accounts', { ...wanted, id: 'seen' });
  const agent = await desk.logIn('agent');
  const { faces } = (await agent.get<AccountFaces>('/api/account-faces')).body;
  expect(faces.find(({ id }) => id === account.id)).toEqual({
    id: 'seen',
    channel: 'pigeon',
    name: 'North loft',
    shown: { loft: 'loft.example' },
  });
  expect((await agent.get('/api/accounts')).status).toBe(403);

  const feed = { grams: 30, pin: { set: false } };
  const patch = { settings: { loft: 'loft.example', key: { set: true }, feed } };
  const changed = await admin.patch<Account>('/api/accounts/seen', patch);
  expect(changed.body.settings).toEqual({ loft: 'loft.example', key: { set: true }, feed: { grams: 30 } });
});
