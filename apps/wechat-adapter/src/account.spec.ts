import type { Payload } from '@yixian/contracts';
import { wechatAccountSchema } from './account.ts';

const properties = wechatAccountSchema['properties'] as Record<
  string,
  { 'x-when'?: { provider: string[] } } & Payload
>;

const shownTo = (provider: string) =>
  Object.entries(properties)
    .filter(([, property]) => property['x-when']?.provider.includes(provider) ?? true)
    .map(([name]) => name);

describe('the form of an account', () => {
  it('shows what a bot needs, and nothing of Tencent’s own services', () => {
    expect(shownTo('wechaty')).toEqual([
      'provider',
      'puppet',
      'puppetToken',
      'puppetEndpoint',
      'groups',
      'simulated',
    ]);
  });

  it.each(['official-account', 'wecom-kf'])('shows all that %s cannot do without', (provider) => {
    const conditions = wechatAccountSchema['allOf'] as {
      if: { properties: { provider: { const: string } } };
      then: { required: string[] };
    }[];
    const { then } = conditions.find((one) => one.if.properties.provider.const === provider)!;
    expect(shownTo(provider)).toEqual(expect.arrayContaining(then.required));
  });

  it('does not ask an official account for what WeCom needs', () => {
    expect(shownTo('official-account')).not.toEqual(expect.arrayContaining(['corpId']));
    expect(shownTo('wecom-kf')).not.toEqual(expect.arrayContaining(['appId']));
  });
});
