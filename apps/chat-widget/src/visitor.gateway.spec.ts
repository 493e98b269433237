import { jest } from '@jest/globals';
import type { Address, ReadByAgent } from '@yixian/contracts';
import { newId } from '@yixian/contracts';
import { SignJWT } from 'jose';
import { aConversation, ChatStage, until } from '../testing/chat-stage.ts';
import type { Visit } from '../testing/chat-stage.ts';

jest.setTimeout(60_000);

const secret = 'a-secret-of-the-shop-with-32-letters';
let stage: ChatStage;

beforeAll(async () => {
  stage = await ChatStage.open({ VISITOR_CONNECTS_PER_SECOND: '1000' });
  await stage.site('shop', { origins: ['https://shop.cn'], identitySecret: secret, uploadLimit: 1 });
  await stage.site('members', { requireIdentity: true, identitySecret: secret });
  await stage.site('asking', { askName: 'required', consent: '我同意' });
});
afterAll(() => stage?.close());

const signed = (claims: object, key = secret) => {
  const now = Math.floor(Date.now() / 1000);
  const all = { sub: '42', aud: 'shop', iat: now, exp: now + 600, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(key));
};
/** A tab of a visitor who has said `text`, and their address. */
async function someone(text: string, auth: object = {}): Promise<{ tab: Visit; address: Address }> {
  const tab = await stage.visit(auth);
  await tab.say(text);
  return { tab, address: await stage.addressOf(text) };
}
const texts = (lines: { text: string }[]) => lines.map(({ text }) => text);

describe('what is said', () => {
  test('is acknowledged once it is durable, comes back as a line, and is the same message when sent again', async () => {
    const tab = await stage.visit({});
    const say = { nonce: newId(), text: '在吗？' };
    const first = await tab.ask('say', say);
    expect(await tab.ask('say', say)).toEqual(first);
    await tab.say('第二句');
    await until(() => tab.lines.length >= 2);
    expect(tab.lines).toMatchObject([
      { position: 1, id: first.id, nonce: say.nonce, from: 'visitor', text: '在吗？' },
      { position: 2, text: '第二句' },
    ]);
    await stage.addressOf('第二句');
    expect(stage.inbound.find(({ id }) => id === first.id)).toMatchObject({ text: '在吗？' });
  });

  test('keeps its order when a tab says much at once', async () => {
    const tab = await stage.visit({});
    const words = Array.from({ length: 15 }, (_, n) => `line ${n}`);
    await Promise.all(words.map((text) => tab.say(text)));
    await until(() => tab.lines.length === words.length);
    expect(texts(tab.lines)).toEqual(words);
  });

  test('is there for every browser of the visitor, from where each one stopped', async () => {
    const { tab, address } = await someone('hello from the phone');
    const { token } = tab.joined;
    const other = await stage.visit({ token });
    expect(texts(other.joined.lines)).toEqual(['hello from the phone']);
    other.socket.close();

    await stage.reply({ address }, 'hello from the shop');
    await until(() => texts(tab.lines).includes('hello from the shop'));
    const back = await stage.visit({ token, visitor: tab.joined.visitor, after: 1 });
    expect(texts(back.joined.lines)).toEqual(['hello from the shop']);
    expect(back.joined.last).toBe(2);
    await back.say('and back');
    await until(() => texts(tab.lines).includes('and back'));
  });

  test('belongs to the visitor alone', async () => {
    const { tab } = await someone('a secret');
    const stranger = await stage.visit({});
    const elsewhere = await stage.visit({ site: 'asking', token: tab.joined.token });
    expect([stranger.joined.lines, elsewhere.joined.lines]).toEqual([[], []]);
    expect(await stranger.ask('history', {})).toEqual({ lines: [] });
  });

  test.each([
    ['too long', { nonce: 'nonce-000001', text: 'x'.repeat(4001) }, 'too_large'],
    ['100 times too long', { nonce: 'nonce-000001', text: 'x'.repeat(400_000) }, 'too_large'],
    ['empty', { nonce: 'nonce-000001', text: '   ' }, 'invalid'],
    ['without a nonce', { text: 'hello' }, 'invalid'],
    ['with a nonce of another kind', { nonce: { $gt: '' }, text: 'hello' }, 'invalid'],
    ['nothing', undefined, 'invalid'],
    ['a list', [1, 2, 3], 'invalid'],
    [
      'with a file of somebody else',
      { nonce: 'nonce-000001', text: '', files: ['e30.abc'] },
      'token_invalid',
    ],
  ])('is refused when it is %s', async (_, say, code) => {
    const tab = await stage.visit({});
    expect(await tab.codeOf('say', say)).toBe(code);
  });

  test('may look like SQL or markup', async () => {
    const text = `'); drop table channel.transcript; --<script>alert(1)</script> \u{1F375}`;
    const { tab } = await someone(text);
    await until(() => tab.lines.length === 1);
    expect(tab.lines[0]!.text).toBe(text);
  });

  test('is limited: a flood is told to wait', async () => {
    const tab = await stage.visit({});
    const codes = await Promise.all(
      Array.from({ length: 40 }, () => tab.codeOf('say', { nonce: newId(), text: 'x' })),
    );
    expect(codes.filter((code) => code === 'done').length).toBeLessThan(25);
    expect(codes).toContain('rate_limited');
  });

  test('waits for the answers that the site asks for', async () => {
    const tab = await stage.visit({ site: 'asking' });
    expect(tab.joined.asks.map(({ field }) => field)).toEqual(['name', 'consent']);
    const refused = await tab.say('hello', { answers: { name: '林晓雯' } });
    expect(refused.error).toMatchObject({ code: 'invalid', details: [{ path: 'answers.consent' }] });
    const answers = { name: '林晓雯', consent: true };
    expect(await tab.say('with answers', { answers })).toHaveProperty('id');
    await stage.addressOf('with answers');
    expect(stage.inbound.at(-1)).toMatchObject({ sender: { name: '林晓雯', claims: [] } });
    expect((await stage.visit({ site: 'asking', token: tab.joined.token })).joined.asks).toEqual([]);
  });
});

describe('who comes in', () => {
  test.each([
    ['a site that is not', { site: 'nowhere' }, 'unknown_site'],
    ['a page that may not', { origin: 'https://evil.example' }, 'origin_refused'],
    ['nobody in particular, where only members may', { site: 'members' }, 'identity_required'],
    ['an identity that is none', { identity: 'x.y.z' }, 'token_invalid'],
    ['a site that is no name', { site: { $ne: 1 } }, 'invalid'],
    ['a position before the first', { after: -1 }, 'invalid'],
  ])('is refused: %s', async (_, auth, code) => {
    await expect(stage.visit(auth)).rejects.toMatchObject({ code });
  });

  test('is refused from pages of others, whatever they say of themselves', async () => {
    const origin = { origin: 'https://evil.example' };
    await expect(stage.visit({}, origin)).rejects.toMatchObject({ code: 'origin_refused' });
    await stage.visit({ origin: 'https://shop.cn' }, { origin: stage.url });
  });

  test('is refused with a token of another key, and with one that has expired', async () => {
    const forged = await signed({}, 'another-secret-that-is-long-enough-too');
    await expect(stage.visit({ identity: forged })).rejects.toMatchObject({ code: 'token_invalid' });
    const iat = Math.floor(Date.now() / 1000) - 7200;
    const old = await signed({ iat, exp: iat + 3600 });
    await expect(stage.visit({ identity: old })).rejects.toMatchObject({ code: 'token_expired' });
  });

  test('an unknown token makes a new visitor', async () => {
    const tab = await stage.visit({ token: 'no-such-token' });
    expect(tab.joined).toMatchObject({ token: expect.any(String), lines: [], last: 0 });
  });

  test('a known customer is one visitor on all devices, and verified', async () => {
    const phone = await stage.visit({ identity: await signed({ name: '林晓雯', email: 'lin@example.com' }) });
    await phone.say('from the phone');
    await stage.addressOf('from the phone');
    expect(stage.inbound.at(-1)).toMatchObject({
      sender: {
        name: '林晓雯',
        claims: [
          { kind: 'external', value: 'shop:42', verified: true, evidence: 'jwt:shop' },
          { kind: 'email', value: 'lin@example.com', verified: true },
        ],
      },
    });
    const other = { visitor: (await stage.visit({})).joined.visitor, after: 1 };
    const laptop = await stage.visit({ identity: await signed({}), ...other });
    expect(texts(laptop.joined.lines)).toEqual(['from the phone']);
  });

  test('what somebody said before logging in is said to be theirs', async () => {
    const first = await stage.visit({ identity: await signed({ sub: '77' }) });
    await first.say('I am 77');
    const { tab, address } = await someone('not logged in yet');
    await stage.visit({ token: tab.joined.token, identity: await signed({ sub: '77' }) });
    const asserted = () =>
      stage.inbound.find((event) => event.kind === 'identity.asserted' && event.address === address);
    await until(() => asserted() !== undefined);
    expect(asserted()).toMatchObject({ sender: { claims: [{ value: 'shop:77', verified: true }] } });
  });

  test('a logged-out token is nobody', async () => {
    const { tab } = await someone('see you');
    expect(await tab.codeOf('logout', {})).toBe('done');
    expect((await stage.visit({ token: tab.joined.token })).joined.lines).toEqual([]);
  });
});

describe('the agent', () => {
  test('learns that a message was delivered and read, each once, and never of what is not written yet', async () => {
    const { tab, address } = await someone('is anybody there?');
    const id = await stage.reply({ address }, 'yes');
    await until(() => tab.lines.length === 2);
    await tab.ask('mark', { delivered: 2, read: 0 });
    await tab.ask('mark', { delivered: 2, read: 1_000_000 });
    await tab.ask('mark', { delivered: 2, read: 2 });
    await until(() => stage.receipts(id).includes('read'));
    expect(stage.receipts(id).filter((state) => state !== 'sent')).toEqual(['delivered', 'read']);
    const later = await stage.reply({ address }, 'still there?');
    await until(() => tab.lines.length === 3);
    expect(stage.receipts(later)).not.toContain('read');
    await tab.ask('mark', { delivered: 3, read: 3 });
    await until(() => stage.receipts(later).includes('read'));
  });

  test('is seen to read, to type and to come', async () => {
    const { tab, address } = await someone('look at this');
    await until(() => tab.lines.length === 1);
    const read: Partial<ReadByAgent> = {
      kind: 'read.by-agent',
      conversationId: aConversation(),
      upTo: tab.lines[0]!.id,
      occurredAt: new Date().toISOString(),
    };
    await stage.command({ address }, { id: newId(), ...read });
    await until(() => tab.heard.read !== undefined);
    expect(tab.heard.read).toEqual([{ position: 1 }]);
    const whose = { channel: 'chat', account: 'shop', address, at: new Date().toISOString() };
    await stage.signal({ kind: 'typing', by: 'agent', name: '小敏', ...whose });
    await stage.signal({ kind: 'queue.position', ahead: 2, ...whose });
    await until(() => tab.heard.queue !== undefined);
    expect(tab.heard).toMatchObject({ typing: [{ name: '小敏' }], queue: [{ ahead: 2 }] });
    expect((await stage.visit({ token: tab.joined.token })).joined.readByAgent).toBe(1);
  });

  test('sees the visitor type, come, look around and leave', async () => {
    const { tab, address } = await someone('typing soon');
    await Promise.all([tab.ask('typing', {}), tab.ask('typing', {}), tab.ask('typing', {})]);
    await tab.ask('page', { url: 'https://shop.cn/p/42', title: '单丛' });
    tab.socket.close();
    const mine = () => stage.signals.filter((signal) => 'address' in signal && signal.address === address);
    await until(() => mine().some((signal) => signal.kind === 'customer.presence' && !signal.online));
    expect(mine()).toMatchObject([
      { kind: 'customer.presence', online: true },
      { kind: 'typing', by: 'customer' },
      { kind: 'customer.presence', online: true, page: { title: '单丛' } },
      { kind: 'customer.presence', online: false },
    ]);
  });

  test('closes the conversation; its visitor rates it once', async () => {
    const { tab, address } = await someone('thank you');
    const conversationId = aConversation();
    await stage.show({ address }, { conversationId, version: 1, state: 'open' });
    expect(await tab.codeOf('rate', { conversationId, score: 5 })).toBe('not_found');
    await stage.show({ address }, { conversationId, version: 2, state: 'closed' });
    await until(() => tab.heard.conversation?.length === 2);
    expect(tab.heard.conversation).toMatchObject([
      { closed: false, agentName: '小敏', survey: false },
      { closed: true, survey: true },
    ]);
    const stranger = await someone('somebody else');
    expect(await stranger.tab.codeOf('rate', { conversationId, score: 1 })).toBe('not_found');
    expect(await tab.codeOf('rate', { conversationId, score: 6 })).toBe('invalid');
    expect(await tab.codeOf('rate', { conversationId, score: 4, text: '很好' })).toBe('done');
    await until(() => stage.inbound.some(({ kind }) => kind === 'survey.answered'));
    expect(stage.inbound.find(({ kind }) => kind === 'survey.answered')).toMatchObject({
      score: 4,
      text: '很好',
      conversationId,
    });
    expect((await stage.visit({ token: tab.joined.token })).joined.conversation).toMatchObject({
      survey: false,
    });
  });
});

describe('files', () => {
  const upload = (url: string, bytes: number, name = '茶样.txt') => {
    const form = new FormData();
    form.append('file', new Blob(['x'.repeat(bytes)]), name);
    return fetch(stage.url + url, { method: 'POST', body: form });
  };

  test('go up by a leave, are named in a message, and come back as a link', async () => {
    const tab = await stage.visit({});
    const { url } = await tab.ask('upload', { name: '茶样.txt', size: 5 });
    const uploaded = (await (await upload(String(url), 5)).json()) as { file: string };
    expect(await tab.say('', { files: [uploaded.file] })).toHaveProperty('id');
    await until(() => tab.lines.length === 1);
    const [file] = tab.lines[0]!.files;
    expect(file).toMatchObject({ name: '茶样.txt', size: 5 });
    expect(await (await fetch(stage.url + file!.url)).text()).toBe('xxxxx');
    expect((await fetch(stage.url + file!.url.replace(/t=[^&]+/, 't=forged'))).status).toBe(403);

    const stranger = await stage.visit({});
    expect((await stranger.say('', { files: [uploaded.file] })).error?.code).toBe('token_invalid');
  });

  test('have a limit, whatever is said of their size', async () => {
    const tab = await stage.visit({});
    expect(await tab.codeOf('upload', { name: 'big', size: 1024 ** 3 })).toBe('too_large');
    const { url } = await tab.ask('upload', { name: 'big', size: 1 });
    const refused = await upload(String(url), 2 * 1024 * 1024);
    expect([refused.status, await refused.json()]).toMatchObject([413, { error: { code: 'too_large' } }]);
  });

  test('need a leave that we gave', async () => {
    const refused = await upload('/w/files?leave=e30.abc', 5);
    expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: 'token_invalid' } }]);
  });
});

describe('whatever comes', () => {
  test('10 MB of text cut the line and nothing else', async () => {
    const tab = await stage.visit({});
    const cut = new Promise((resolve) => tab.socket.on('disconnect', resolve));
    tab.socket.emit('say', { nonce: newId(), text: 'x'.repeat(10 * 1024 * 1024) });
    await cut;
    expect(await (await stage.visit({ token: tab.joined.token })).say('still here')).toHaveProperty('id');
  });

  test.each([
    'nonsense',
    '2/visitor,["say"',
    '2/visitor,{"a":1}',
    '2/visitor,[{"a":1}]',
    '0/visitor,[1',
    '51-/visitor,["say",{"_placeholder":true,"num":0}]',
    '\u0000\u0001',
  ])('the frame %j does no harm', async (frame) => {
    const tab = await stage.visit({});
    tab.socket.io.engine.write(frame);
    expect(await (await stage.visit({})).say('fine')).toHaveProperty('id');
  });

  test('a browser that hangs is let go of, and has missed nothing when it comes back', async () => {
    const { tab, address } = await someone('hanging soon');
    await until(() => tab.lines.length === 1);
    const goOn = tab.hang();
    const lost = new Promise((resolve) => tab.socket.once('disconnect', resolve));
    await stage.reply({ address }, 'said while it hung');
    const left = () =>
      stage.signals.some(
        (signal) => signal.kind === 'customer.presence' && signal.address === address && !signal.online,
      );
    await stage.flood({ address }, 20_000, left);
    await stage.reply({ address }, 'said when it was let go of');
    goOn();
    await lost;
    const held = { token: tab.joined.token, visitor: tab.joined.visitor, after: 1 };
    await until(async () => (await stage.visit(held)).joined.lines.length === 2);
    const back = await stage.visit(held);
    expect(texts(back.joined.lines)).toEqual(['said while it hung', 'said when it was let go of']);
  });

  test('unknown events are not answered and change nothing', async () => {
    const tab = await stage.visit({});
    tab.socket.emit('drop-everything', {});
    expect(await tab.say('fine')).toHaveProperty('id');
  });
});
