import { describe, expect, it } from '@jest/globals';
import { codeOf, failureOf, RequestFailed } from './request-failed.ts';

describe('failureOf', () => {
  it('takes the hub’s own code and details', () => {
    const details = [{ path: 'settings.origins', message: 'must have at least one' }];
    const failure = failureOf(400, { error: { code: 'invalid', message: 'no', details, retryAfter: 3 } });
    expect(failure).toMatchObject({ code: 'invalid', details, retryAfter: 3, retryable: false });
  });

  it('goes by the status when somebody between us and the hub answers', () => {
    expect(failureOf(502, '<html>').code).toBe('unavailable');
    expect(failureOf(413, undefined).code).toBe('too_large');
    expect(failureOf(418, undefined).code).toBe('internal');
  });
});

it('may be tried again only when time can mend it', () => {
  expect(new RequestFailed('offline', '').retryable).toBe(true);
  expect(new RequestFailed('forbidden', '').retryable).toBe(false);
  expect(codeOf(new TypeError())).toBe('internal');
});
