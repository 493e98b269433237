import type { AccountId } from '@yixian/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { allowsOrigin, frameAncestors, publicSite, SiteSettings, siteSettingsSchema } from './site.ts';

const site = (settings: object) => ({
  ...SiteSettings.parse(settings),
  id: 'shop' as AccountId,
  name: '山岚茶舍',
});

test.each([
  ['https://shop.cn', 'https://shop.cn', true],
  ['https://shop.cn', 'http://shop.cn', false],
  ['https://shop.cn', 'https://shop.cn.evil.example', false],
  ['https://shop.cn', 'https://shopxcn', false],
  ['https://*.shop.cn', 'https://m.shop.cn', true],
  ['https://*.shop.cn', 'https://shop.cn', false],
  ['https://*.shop.cn', 'https://evilshop.cn', false],
  ['http://localhost:*', 'http://localhost:5173', true],
  ['http://localhost:*', 'http://localhost.evil.example', false],
  ['*', 'https://anything.example', true],
])('%s lets in %s: %s', (allowed, origin, expected) => {
  expect(allowsOrigin({ origins: [allowed] }, origin)).toBe(expected);
});

test('no allowed site means only our own pages', () => {
  expect(allowsOrigin({ origins: [] }, 'https://shop.cn')).toBe(false);
  expect(frameAncestors({ origins: [] })).toBe("'self'");
});

test.each([
  "https://shop.cn; script-src 'unsafe-inline'",
  "'unsafe-inline'",
  'shop.cn',
  'https://shop.cn/path',
  '',
])('the origin %s is refused, so nothing can be slipped into a policy', (origin) =>
  expect(SiteSettings.safeParse({ origins: [origin] }).success).toBe(false),
);

test('the secrets of a site are marked and never public', () => {
  const { properties } = siteSettingsSchema as { properties: Record<string, { 'x-secret'?: boolean }> };
  const secrets = Object.keys(properties).filter((name) => properties[name]!['x-secret']);
  expect(secrets).toEqual(['identitySecret', 'identitySecretBefore']);
  const told = JSON.stringify(
    publicSite(site({ identitySecret: 's'.repeat(32), origins: ['https://shop.cn'] })),
  );
  expect(told).not.toContain('ssss');
  expect(told).not.toContain('https://shop.cn');
});

test('the announced schema takes what we take, and labels everything in both languages', () => {
  const ajv = new Ajv2020({ strict: false });
  const validate = ajv.compile(siteSettingsSchema);
  expect(validate({})).toBe(true);
  expect(validate({ origins: ['https://shop.cn'], hours: ['mon-fri 09:00-18:00'], color: '#07c160' })).toBe(
    true,
  );
  expect(validate({ color: 'red' })).toBe(false);
  const { properties } = siteSettingsSchema as { properties: Record<string, { 'x-label'?: object }> };
  for (const property of Object.values(properties)) {
    expect(property['x-label']).toEqual({ 'zh-CN': expect.any(String), en: expect.any(String) });
  }
});

test('a site without a title goes by the name of its account', () => {
  expect(publicSite(site({})).title).toBe('山岚茶舍');
  expect(publicSite(site({ title: '客服' })).title).toBe('客服');
});
