import { jest } from '@jest/globals';
import { ChatStage, until } from '../../testing/chat-stage.ts';

jest.setTimeout(60_000);

let stage: ChatStage;
beforeAll(async () => {
  stage = await ChatStage.open();
  await stage.site('shop', { origins: ['https://shop.cn', 'https://*.shop.cn'], title: '"><script>' });
  await stage.site('demo');
});
afterAll(() => stage?.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(stage.url + path, { headers });
const panel = (origin: string, site = 'shop') =>
  get(`/w/panel?site=${site}&o=${encodeURIComponent(origin)}&l=en`);

test('the loader comes with its site bound around it, may be kept for five minutes, and by any page', async () => {
  const loader = await get('/w/shop.js');
  expect(loader.headers.get('cache-control')).toBe('public, max-age=300, stale-while-revalidate=86400');
  expect(loader.headers.get('access-control-allow-origin')).toBe('*');
  expect(loader.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  const script = await loader.text();
  expect(script).toMatch(/^\(__YIXIAN_SITE__=>\{.*\}\)\(\{"site":"shop"/s);
  const etag = loader.headers.get('etag')!;
  expect((await get('/w/shop.js', { 'if-none-match': etag })).status).toBe(304);
});

test('a changed site has a changed loader', async () => {
  await stage.site('changing', { color: '#111111' });
  await stage.site('changing', { color: '#222222' });
  let loader = '';
  await until(async () => (loader = await (await get('/w/changing.js')).text()).includes('#222222'));
  expect(loader).not.toContain('#111111');
});

test.each(['/w/nowhere.js', '/w/panel?site=nowhere&o=https://shop.cn', '/w/panel'])(
  '%s: a site that is not there is unknown',
  async (path) => {
    const answer = await get(path);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'unknown_site' } }]);
  },
);

test.each(['/w/nothing', '/w/assets/nothing.js', '/w/assets/..%2f..%2fpackage.json'])(
  '%s is not found',
  async (path) => {
    const answer = await get(path);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
  },
);

test('only the pages of the site may frame its panel, and the panel runs only what is ours', async () => {
  const answer = await panel('https://m.shop.cn');
  const policy = answer.headers.get('content-security-policy')!;
  expect(policy).toContain("frame-ancestors 'self' https://shop.cn https://*.shop.cn;");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(answer.headers.has('x-frame-options')).toBe(false);
  const html = await answer.text();
  expect(html).toContain('lang="en"');
  expect(html).toContain('&quot;title&quot;:&quot;\\&quot;&gt;&lt;script&gt;&quot;');
});

test.each(['https://evil.example', 'https://shop.cn.evil.example', 'null', ''])(
  'a page of "%s" is refused',
  async (origin) => {
    const answer = await panel(origin);
    expect([answer.status, await answer.json()]).toMatchObject([403, { error: { code: 'origin_refused' } }]);
  },
);

test('our own pages may always show it', async () => {
  expect((await panel(stage.url)).status).toBe(200);
});

test('hashed files are kept for a year', async () => {
  const asset = await get('/w/assets/panel-abc.js');
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(asset.headers.get('content-type')).toMatch(/^text\/javascript/);
});

test('the demo is a shop in the language that is asked for', async () => {
  const chinese = await (await get('/demo')).text();
  expect(chinese).toContain('lang="zh-CN"');
  expect(chinese).toContain('src="/w/demo.js"');
  expect(await (await get('/demo?lang=en')).text()).toContain('lang="en"');
  expect(await (await get('/demo', { 'accept-language': 'en-GB,en' })).text()).toContain('lang="en"');
});
