import { describe, expect, it } from '@jest/globals';
import { aMailPayload } from '../../../testing/a-mail.ts';
import { isForged, mailViewOf } from './mail-view.ts';

describe('mailViewOf', () => {
  it('reads a received mail', () => {
    const payload = aMailPayload({
      subject: '订单 12',
      visibleText: '什么时候发货？',
      quotedText: '> 您好',
      auto: 'list',
      raw: { key: 'a/b', size: 1 },
    });
    expect(mailViewOf({ payload, text: '什么时候发货？' })).toMatchObject({
      subject: '订单 12',
      from: { name: '林晓雯', address: 'lin@example.com' },
      text: '什么时候发货？',
      quoted: '> 您好',
      auto: 'list',
      raw: 'a/b',
    });
  });

  it('reads a mail of ours, which says only what was added', () => {
    const mail = {
      to: [],
      cc: [{ name: '', address: 'b@example.com' }],
      quote: { text: '> 什么时候发货？' },
    };
    expect(mailViewOf({ payload: { mail }, text: '今天' })).toMatchObject({
      subject: undefined,
      from: undefined,
      cc: [{ address: 'b@example.com' }],
      text: '今天',
      quoted: '> 什么时候发货？',
      html: null,
    });
  });

  it('takes nothing else for a mail, and what is bent as absent', () => {
    expect(mailViewOf({ payload: {}, text: 'x' })).toBeUndefined();
    expect(mailViewOf({ payload: { from: 'me', to: [] }, text: 'x' })).toBeUndefined();
    const bent = aMailPayload({ to: [1, null, { address: 5 }], auto: 'robot', badges: ['x'], events: 'y' });
    expect(mailViewOf({ payload: bent, text: 'x' })).toMatchObject({
      to: [],
      auto: false,
      badges: [],
      events: [],
    });
  });
});

it('warns of a sender only when something failed and nothing proves it', () => {
  const auth = { spf: 'none', dkim: 'none', dmarc: 'none', verified: false, evidence: '' } as const;
  expect(isForged({ auth: null })).toBe(false);
  expect(isForged({ auth })).toBe(false);
  expect(isForged({ auth: { ...auth, dmarc: 'fail' } })).toBe(true);
  expect(isForged({ auth: { ...auth, spf: 'fail', dkim: 'pass', verified: true } })).toBe(false);
});
