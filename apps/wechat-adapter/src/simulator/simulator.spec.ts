import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@yixian/contracts/testing';
import { WechatStage } from '../../testing/wechat-stage.ts';
import { WechatAccount } from '../account.ts';
import { simulatedAccounts } from './simulated-accounts.ts';
import type { Line } from './seat.ts';

jest.setTimeout(60_000);

describe('the simulator', () => {
  let stage: WechatStage;
  beforeAll(async () => {
    stage = await WechatStage.open();
    for (const { id, settings } of simulatedAccounts) await stage.account(id, settings);
    await stage.account('bot', { provider: 'wechaty', simulated: true });
  });
  afterAll(() => stage?.close());

  const act = async (account: string, type: string, text = '') => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ type, text });
    return fetch(`${stage.url}/simulator/${account}/lin`, { method: 'POST', headers, body });
  };
  const lines = async (account: string) =>
    (await (await fetch(`${stage.url}/simulator/${account}/lin`)).json()) as Line[];

  it('has accounts whose settings are right', () => {
    for (const { settings } of simulatedAccounts)
      expect(WechatAccount.safeParse(settings).error).toBeUndefined();
  });

  it.each([
    ['wechat-demo', ['image', 'voice', 'location', 'link', 'subscribe', 'scan', 'menu', 'text']],
    ['wechat-kf-demo', ['image', 'voice', 'location', 'link', 'enter', 'text']],
    ['bot', ['image', 'group', 'text']],
  ])('plays a customer of %s, both ways', async (account, deeds) => {
    for (const type of deeds)
      expect(await (await act(account, type, `a ${type}`)).json()).toEqual({ answer: 'acknowledged' });
    await eventually(() => expect(stage.messages(account)).toHaveLength(deeds.length));
    await stage.reply({ account, address: 'lin' }, 'an answer');
    await eventually(async () =>
      expect(await lines(account)).toContainEqual(
        expect.objectContaining({ mine: false, type: 'text', text: 'an answer' }),
      ),
    );
  });

  it('gives its page in both languages, and its accounts', async () => {
    for (const [lang, word] of [
      ['zh-CN', '微信模拟器'],
      ['en', 'WeChat simulator'],
    ]) {
      const page = await fetch(`${stage.url}/simulator?lang=${lang}`);
      expect(await page.text()).toContain(`<h1>${word}</h1>`);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    const accounts = (await (await fetch(`${stage.url}/simulator/accounts`)).json()) as { id: string }[];
    expect(accounts.map(({ id }) => id).toSorted()).toEqual(['bot', 'wechat-demo', 'wechat-kf-demo']);
  });

  it('refuses who comes by another name, and deeds that are none', async () => {
    const status = await new Promise((resolve) => {
      request(`${stage.url}/simulator/accounts`, { headers: { host: 'rebound.example' } }, ({ statusCode }) =>
        resolve(statusCode),
      ).end();
    });
    expect(status).toBe(403);
    expect((await act('wechat-demo', 'enter')).status).toBe(400);
    expect((await act('nobody', 'text')).status).toBe(404);
  });
});

it('is not there where the world can reach us', async () => {
  const stage = await WechatStage.open({ env: { PUBLIC_URL: 'https://wechat.example.com' } });
  expect((await fetch(`${stage.url}/simulator`)).status).toBe(404);
  await stage.close();
});
