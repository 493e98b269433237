import { jest } from '@jest/globals';
import { ChatStage } from '../../testing/chat-stage.ts';

jest.setTimeout(60_000);

let stage: ChatStage;
beforeAll(async () => {
  stage = await ChatStage.open({ VISITOR_CONNECTS_PER_SECOND: '2' });
  await stage.site('shop');
});
afterAll(() => stage?.close());

test('of 50 connections in a moment from one address some are told to wait, and those inside go on', async () => {
  const first = await stage.visit({});
  const tries = await Promise.allSettled(Array.from({ length: 50 }, () => stage.visit({})));
  const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as object] : []));
  expect(refused.length).toBeGreaterThan(20);
  for (const reason of refused)
    expect(reason).toMatchObject({ code: 'rate_limited', retryAfter: expect.any(Number) });
  expect(await first.say('still here')).toHaveProperty('id');
});
