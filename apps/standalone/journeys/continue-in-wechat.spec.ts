import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { ChatChannel, chatWidget } from '@yixian/chat-widget';
import { Accounts, conversationHub } from '@yixian/conversation-hub';
import { newId } from '@yixian/contracts';
import type { AccountId, Address, ChannelName } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { startTestApps } from '@yixian/service/testing';
import { wechatAdapter, WechatChannel } from '@yixian/wechat-adapter';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import {
  AES_KEY,
  officialAccountPeer,
  officialAccountSettings,
} from '../../wechat-adapter/testing/official-account-world.ts';
import { FakeTencent } from '../../wechat-adapter/testing/tencent/fake-tencent.ts';
import type { OfficialAccountPeer } from '../../wechat-adapter/testing/tencent/official-account-peer.ts';

jest.setTimeout(120_000);

const account = 'tea-house' as AccountId;
const site = 'tea-shop' as AccountId;
const sockets: Socket[] = [];
let tencent: FakeTencent;
let running: Awaited<ReturnType<typeof startTestApps>>;
let peer: OfficialAccountPeer;

beforeAll(async () => {
  tencent = await FakeTencent.open();
  const env = { WECHAT_API_URL: tencent.urlOf('oa') };
  running = await startTestApps([conversationHub, chatWidget, wechatAdapter], { env });
  peer = officialAccountPeer({ url: `${running.url}/wechat/${account}`, encodingAesKey: AES_KEY });
  tencent.add('oa', peer);
  const accounts = running.get(Accounts);
  await accounts.ensureAccount({
    id: account,
    channel: 'wechat' as ChannelName,
    name: '山岚茶舍',
    settings: officialAccountSettings(AES_KEY),
  });
  const settings = { wechat: account };
  await accounts.ensureAccount({ id: site, channel: 'chat' as ChannelName, name: '山岚茶舍', settings });
  await eventually(() => running.get(WechatChannel).provider(account) !== undefined);
  await eventually(() => running.get(ChatChannel).site(site).wechat === account);
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await running?.stop();
  await tencent?.close();
});

async function visit(): Promise<{ socket: Socket; address: Address }> {
  const auth = { site };
  const socket = io(`${running.url}/visitor`, { auth, transports: ['websocket'], forceNew: true });
  sockets.push(socket);
  const joined = await new Promise<{ visitor: Address }>((resolve, reject) => {
    socket.once('joined', resolve);
    socket.once('connect_error', reject);
  });
  return { socket, address: joined.visitor };
}

const ask = (socket: Socket, event: string, data: object = {}) =>
  socket.timeout(10_000).emitWithAck(event, data) as Promise<{ picture?: string; error?: { code: string } }>;

/** A visitor who has written, and the code that they are shown. */
async function shown(text: string): Promise<{ address: Address; code: string; picture: string }> {
  const { socket, address } = await visit();
  await ask(socket, 'say', { nonce: newId(), text });
  const { picture } = await ask(socket, 'continue');
  return { address, picture: picture!, code: picture!.split('/').at(-1)! };
}

async function contactOf(address: string): Promise<string | undefined> {
  const [found] = await running.database.query<{ contact: string }>(
    'select contact_id as contact from hub.identity where address = $1 and conversation_id is not null',
    [address],
  );
  return found?.contact;
}

const linksOf = (...addresses: string[]) =>
  running.database.query<{ act: string; by: string; evidence: string }>(
    `select l.act, l.by, l.evidence from hub.identity_link l join hub.identity i on i.id = l.identity_id
     where i.address = any($1)`,
    [addresses],
  );

it('a visitor who scans the code has one timeline of both, by a link with its evidence', async () => {
  const { address, picture, code } = await shown('请问有新茶吗？');
  const response = await fetch(`${running.url}${picture}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^image\//);
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
  await fetch(`${running.url}${picture}`);
  // Made at Tencent once, with the code as its scene.
  expect([...peer.scenes.values()].filter((scene) => scene === code)).toHaveLength(1);

  await peer.says('o-scans', 'event', { Event: 'subscribe', EventKey: `qrscene_${code}`, Ticket: 'TICKET' });
  await eventually(async () => {
    expect(await contactOf('o-scans')).toBeDefined();
    expect(await contactOf('o-scans')).toBe(await contactOf(address));
  });
  const [link, ...more] = await linksOf(address, 'o-scans');
  expect(link).toMatchObject({ act: 'link', by: 'system' });
  expect(link!.evidence).toMatch(/^external [\w-]{22} \(qr:tea-house:[\w-]{22}\)$/);
  expect(more).toEqual([]);
  const [entry] = await running.database.query<{ payload: object }>(
    `select e.payload from hub.entry e join hub.identity i on i.conversation_id = e.conversation_id
     where i.address = 'o-scans' and e.kind = 'message'`,
  );
  // The record names what was scanned, and keeps no code.
  expect(entry?.payload).toMatchObject({ wechat: { event: 'subscribe', scene: 'web-chat' } });
});

it('somebody who follows already is bound by a scan, and again by the code of another browser', async () => {
  const first = await shown('one');
  await peer.says('o-follows', 'text', { Content: 'hello' });
  for (const { address, code } of [first, await shown('two')]) {
    await peer.says('o-follows', 'event', { Event: 'SCAN', EventKey: code, Ticket: 'TICKET' });
    await eventually(async () => {
      expect(await contactOf('o-follows')).toBeDefined();
      expect(await contactOf(address)).toBe(await contactOf('o-follows'));
    });
  }
  expect(await contactOf(first.address)).toBe(await contactOf('o-follows'));
});

it('a second follower who scans the same code is bound to nobody', async () => {
  const { address, code } = await shown('mine');
  const scan = (openId: string) => peer.says(openId, 'event', { Event: 'SCAN', EventKey: code, Ticket: 'T' });
  await scan('o-first');
  await eventually(async () => {
    expect(await contactOf('o-first')).toBeDefined();
    expect(await contactOf(address)).toBe(await contactOf('o-first'));
  });
  await scan('o-second');
  // In the order of arrival: once this is there, whatever the scan had said is there too.
  await peer.says('o-second', 'text', { Content: 'after' });
  await eventually(async () => expect(await written('o-second')).toBe(2));
  expect(await contactOf('o-second')).not.toBe(await contactOf(address));
  expect(await linksOf('o-second')).toEqual([]);
});

it('a scene that was made up binds nobody, and no picture is made of it', async () => {
  const { address, code } = await shown('whose?');
  const forged = `${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`;
  const before = peer.scenes.size;
  expect((await fetch(`${running.url}/wechat/${account}/bind/${forged}`)).status).toBe(404);
  expect((await fetch(`${running.url}/wechat/nobody/bind/${code}`)).status).toBe(404);
  expect(peer.scenes.size).toBe(before);
  await peer.says('o-forges', 'event', { Event: 'SCAN', EventKey: forged, Ticket: 'T' });
  await peer.says('o-forges', 'text', { Content: 'after' });
  await eventually(async () => expect(await written('o-forges')).toBe(2));
  expect(await contactOf('o-forges')).not.toBe(await contactOf(address));
  expect(await linksOf('o-forges', address)).toEqual([]);
});

it('somebody who has written nothing is shown no code; who asks again is shown the same', async () => {
  const { socket } = await visit();
  expect((await ask(socket, 'continue')).error?.code).toBe('invalid');
  await ask(socket, 'say', { nonce: newId(), text: 'now' });
  const { picture } = await ask(socket, 'continue');
  expect((await ask(socket, 'continue')).picture).toBe(picture);
});

async function written(address: string): Promise<number> {
  const [found] = await running.database.query<{ count: string }>(
    `select count(*) from hub.entry e join hub.identity i on i.conversation_id = e.conversation_id
     where i.address = $1 and e.kind = 'message'`,
    [address],
  );
  return Number(found?.count);
}
