import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { pause, systemClock } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import {
  AES_KEY,
  officialAccountPeer,
  officialAccountSettings,
} from '../../wechat-adapter/testing/official-account-world.ts';
import { FakeTencent } from '../../wechat-adapter/testing/tencent/fake-tencent.ts';
import type { OfficialAccountPeer } from '../../wechat-adapter/testing/tencent/official-account-peer.ts';
import { push } from '../../wechat-adapter/testing/tencent/push.ts';
import type { Pushed } from '../../wechat-adapter/testing/tencent/push.ts';
import { admin } from './admin-command.ts';
import { DeskApi } from './desk-api.ts';
import { freePort, RunningProcess } from './running-process.ts';

// The hub is down for a minute.
jest.setTimeout(240_000);

const ACCOUNT = 'tea-house';
const DOWN_MS = 60_000;

let tencent: FakeTencent;
let database: Database;
let media: string;
let hub: RunningProcess;
let adapter: RunningProcess;
let peer: OfficialAccountPeer;

beforeAll(async () => {
  [tencent, database, media] = await Promise.all([
    FakeTencent.open(),
    freshDatabase({ parts: [] }),
    mkdtemp(join(tmpdir(), 'yixian-journey-')),
  ]);
  const around = {
    DATABASE_URL: database.url,
    YIXIAN_SECRET: 'a secret of this journey alone, forty characters',
    MEDIA_FOLDER: media,
    LOG_LEVEL: 'warn',
    WECHAT_API_URL: tencent.urlOf('oa'),
  };
  const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const [hubPort, hubInternal, port, internal] = ports.map(String) as [string, string, string, string];
  hub = new RunningProcess('conversation-hub/main.js', {
    ...around,
    PORT: hubPort,
    INTERNAL_PORT: hubInternal,
  });
  adapter = new RunningProcess('wechat-adapter/main.js', {
    ...around,
    PORT: port,
    INTERNAL_PORT: internal,
    WECHAT_SIMULATOR: 'off',
  });
  await hub.start();
  await adapter.start();
  peer = officialAccountPeer({ url: `http://127.0.0.1:${port}/wechat/${ACCOUNT}`, encodingAesKey: AES_KEY });
  tencent.add('oa', peer);
  const desk = new DeskApi(
    `http://127.0.0.1:${hubPort}`,
    await admin(around, 'token', 'create', '--role', 'admin'),
  );
  const settings = officialAccountSettings(AES_KEY);
  const account = { id: ACCOUNT, channel: 'wechat', name: '山岚茶舍', settings };
  await eventually(async () => Boolean(await desk.call('POST', 'accounts', account)), 30_000);
  await eventually(async () => (await says('o-first', 'hello')).acknowledged, 30_000);
}, 120_000);

afterAll(async () => {
  await Promise.all([hub?.stop(), adapter?.stop()]);
  await database?.close();
  await tencent?.close();
  await rm(media, { recursive: true, force: true });
});

/** Tencent's three tries, however long this machine takes to start an adapter again. */
function untilItIsBack(): { between: () => Promise<unknown>; restart(): Promise<void> } {
  let isBack = () => undefined as void;
  const back = new Promise<void>((resolve) => (isBack = resolve));
  return {
    between: () => back.then(() => pause(systemClock, 200)),
    async restart() {
      await adapter.start();
      isBack();
    },
  };
}

let count = 0;
/** A follower writes, and Tencent tells us. */
function says(FromUserName: string, Content: string, how = {}): Promise<Pushed> {
  peer.follower(FromUserName);
  const CreateTime = Math.floor(systemClock.now() / 1000);
  const message = { ToUserName: 'gh', FromUserName, CreateTime, MsgType: 'text', Content };
  const id = String(9_100_000_000_000_000_000n + BigInt(++count));
  return push(peer.options, peer.written(message, id), systemClock, how);
}

async function textsOf(address: string): Promise<string[]> {
  const entries = await database.query<{ text: string }>(
    `select e.text from hub.entry e join hub.conversation c on c.id = e.conversation_id
     where c.address = $1 and e.kind = 'message' order by e.conversation_id, e.seq`,
    [address],
  );
  return entries.map(({ text }) => text);
}

it('a minute without the hub: Tencent is answered all the same, and all of it arrives in order, once', async () => {
  const followers = ['o-a', 'o-b', 'o-c'];
  const said = new Map<string, string[]>(followers.map((who) => [who, []]));
  const say = async (who: string, text: string) => {
    const pushed = await says(who, text);
    expect({ text, tries: pushed.tries.map(({ status }) => status) }).toEqual({ text, tries: [200] });
    said.get(who)!.push(text);
  };
  for (const who of followers) await say(who, `${who} before`);
  await eventually(async () => expect(await textsOf('o-c')).toHaveLength(1));

  await hub.crash();
  const end = systemClock.monotonic() + DOWN_MS;
  for (let n = 1; systemClock.monotonic() < end; n++) {
    await Promise.all(followers.map((who) => say(who, `${who} ${n}`)));
    await pause(systemClock, 500);
  }
  expect(await textsOf('o-a')).toEqual(['o-a before']);
  await hub.start();
  for (const who of followers) await say(who, `${who} after`);

  await eventually(async () => {
    for (const who of followers) expect(await textsOf(who)).toEqual(said.get(who));
  }, 30_000);
  expect(said.get('o-a')!.length).toBeGreaterThan(30);
});

it('an adapter that is killed when it has taken a push, and published nothing: Tencent comes again, and it is there once', async () => {
  const texts = Array.from({ length: 4 }, (_, n) => `while it died ${n}`);
  let pushes: Promise<Pushed[]> | undefined;
  const { between, restart } = untilItIsBack();
  await database.transaction(async (tx) => {
    // Nothing can be published from here on.
    await tx.query('lock table bus.log in share mode');
    pushes = Promise.all(texts.map((text, n) => says(`o-died-${n}`, text, { between })));
    await eventually(async () => {
      const [waiting] = await database.query<{ count: string }>(
        `select count(*) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query ilike '%bus.%'`,
      );
      expect(Number(waiting!.count)).toBeGreaterThan(0);
    });
    await adapter.crash();
    // A server would carry out what it was asked before it finds out that nobody is there any more.
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
  });
  for (const n of texts.keys()) expect(await textsOf(`o-died-${n}`)).toEqual([]);
  await restart();
  for (const { acknowledged, tries } of await pushes!) {
    expect(acknowledged).toBe(true);
    expect(tries.length).toBeGreaterThan(1);
    expect(tries.length).toBeLessThanOrEqual(3);
  }
  await eventually(async () => {
    for (const [n, text] of texts.entries()) expect(await textsOf(`o-died-${n}`)).toEqual([text]);
  }, 20_000);
});

it('an adapter that is killed in the middle of pushes, again and again, loses none and doubles none', async () => {
  const rounds = 3;
  const said: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const texts = Array.from({ length: 12 }, (_, n) => `round ${round} ${n}`);
    const { between, restart } = untilItIsBack();
    const pushes = texts.map((text) => says('o-killed', text, { between }));
    // Some are answered, some are under way.
    await Promise.race(pushes);
    await adapter.crash();
    await restart();
    expect((await Promise.all(pushes)).every(({ acknowledged }) => acknowledged)).toBe(true);
    said.push(...texts);
  }
  await eventually(
    async () => expect((await textsOf('o-killed')).toSorted()).toEqual(said.toSorted()),
    20_000,
  );
});
