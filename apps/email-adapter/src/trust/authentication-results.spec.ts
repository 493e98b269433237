import { authenticationResults } from './authentication-results.ts';

const of = (...values: string[]) =>
  authenticationResults(
    values.map((value) => ({ name: 'authentication-results', value })),
    { authservId: 'mx.shop.example', from: 'ann@mail.customers.example' },
  );

it('reads methods, comments and quotes', () => {
  const value =
    'mx.shop.example 1; spf=softfail (a (nested) comment; dkim=pass) smtp.mailfrom="a b@x.example"; dkim=pass (2048-bit key) header.i=@customers.example; dmarc=pass (p=none) header.from=customers.example';
  expect(of(value)).toEqual({
    spf: 'softfail',
    dkim: 'pass',
    dmarc: 'pass',
    verified: true,
    evidence: 'dkim:customers.example',
  });
});

it.each([
  ['another id', 'mx.evil.example; dkim=pass header.d=customers.example'],
  ['an id that only begins like ours', 'mx.shop.example.evil.example; dkim=pass header.d=customers.example'],
  ['an id in a comment', '(mx.shop.example) evil; dkim=pass header.d=customers.example'],
])('does not read what was written under %s', (_, value) => {
  expect(of(value)).toBeUndefined();
});

it('takes the topmost of ours: what is below it came with the mail', () => {
  const [ours, forged] = [
    'mx.shop.example; dkim=none',
    'mx.shop.example; dkim=pass header.d=customers.example',
  ];
  expect(of(ours, forged)).toMatchObject({ dkim: 'none', verified: false });
});

it.each([
  ['a signature of somebody else', 'dkim=pass header.d=evil.example'],
  ['a signature of the top domain', 'dkim=pass header.d=example'],
  ['a sender of somebody else', 'spf=pass smtp.mailfrom=evil.example'],
  ['a policy that failed', 'dkim=pass header.d=customers.example; dmarc=fail'],
])('does not take %s for proof', (_, methods) => {
  expect(of(`mx.shop.example; ${methods}`)).toMatchObject({ verified: false, evidence: '' });
});
