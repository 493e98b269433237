import type { AccountId } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { readIdentityToken } from './identity-token.ts';
import { SiteSettings } from './site.ts';
import type { Site } from './site.ts';

const clock = new TestClock();
const secret = 'a-secret-of-the-shop-with-32-letters';
const now = clock.now() / 1000;
const site = (settings: Partial<Site> = {}): Site => ({
  ...SiteSettings.parse({ identitySecret: secret }),
  id: 'shop' as AccountId,
  name: 'Shop',
  ...settings,
});

function token(claims: Record<string, unknown> = {}, { key = secret, alg = 'HS256' } = {}): Promise<string> {
  const all = { sub: '42', aud: 'shop', iat: now, exp: now + 600, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg }).sign(Buffer.from(key));
}
const refused = (jwt: string, of = site()) =>
  readIdentityToken(jwt, of, clock).then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );

test('what the site signed is known, and how', async () => {
  const jwt = await token({ name: '林晓雯', email: 'Lin@Example.com', phone: '+8613800000000' });
  expect(await readIdentityToken(jwt, site(), clock)).toEqual({
    external: 'shop:42',
    name: '林晓雯',
    email: 'lin@example.com',
    phone: '+8613800000000',
    evidence: 'jwt:shop',
  });
});

test('an address that the site itself does not trust is left out', async () => {
  const jwt = await token({ email: 'lin@example.com', email_verified: false });
  expect((await readIdentityToken(jwt, site(), clock)).email).toBeUndefined();
});

test('sites of one issuer share their customers', async () => {
  const jwt = await token({ iss: 'shop.cn' });
  expect((await readIdentityToken(jwt, site(), clock)).external).toBe('shop.cn:42');
});

test.each([
  ['of another key', () => token({}, { key: 'another-secret-that-is-long-enough-too' })],
  ['for another site', () => token({ aud: 'other' })],
  ['without a subject', () => token({ sub: undefined })],
  ['without an end', () => token({ exp: undefined })],
  ['without a beginning', () => token({ iat: undefined })],
  ['good for a day', () => token({ exp: now + 86_400 })],
  ['from the future', () => token({ iat: now + 600, exp: now + 1200 })],
  ['with an e-mail address that is none', () => token({ email: 'nobody' })],
  ['that is no JWT', () => Promise.resolve('x.y.z')],
  ['that is empty', () => Promise.resolve('')],
])('a token %s is invalid', async (_, made) => {
  expect(await refused(await made())).toBe('token_invalid');
});

test('an unsigned token is invalid', async () => {
  const part = (of: object) => Buffer.from(JSON.stringify(of)).toString('base64url');
  const claims = { sub: '42', aud: 'shop', iat: now, exp: now + 600 };
  expect(await refused(`${part({ alg: 'none' })}.${part(claims)}.`)).toBe('token_invalid');
});

test('an old token has expired', async () => {
  expect(await refused(await token({ iat: now - 3600, exp: now - 120 }))).toBe('token_expired');
});

test('the previous secret is good while it is changed', async () => {
  const changing = site({
    identitySecret: 'the-new-secret-of-the-shop-is-this-one',
    identitySecretBefore: secret,
  });
  expect(await refused(await token(), changing)).toBe('accepted');
});

test('public keys verify EdDSA and RS256, and never serve as a shared secret', async () => {
  for (const alg of ['EdDSA', 'RS256']) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const identityKeys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg, kid: 'one' }] });
    const keyed = site({ identitySecret: '', identityKeys });
    const signed = new SignJWT({ sub: '42', aud: 'shop', iat: now, exp: now + 600 });
    const jwt = await signed.setProtectedHeader({ alg, kid: 'one' }).sign(privateKey);
    expect(await refused(jwt, keyed)).toBe('accepted');
    expect(await refused(await token({}, { key: identityKeys }), keyed)).toBe('token_invalid');
  }
});
