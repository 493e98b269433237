import type { AccountId, Address } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import type { AllowanceReport } from '@yixian/channel';
import { memoryStore } from '../../testing/memory-store.ts';
import { SendWindow } from '../../testing/tencent/send-window.ts';
import { SendBudget } from './send-budget.ts';
import { officialAccountRules } from './send-rules.ts';
import type { Opening } from './send-rules.ts';

const customer = { account: 'shop' as AccountId, address: 'o-1' as Address };
const HOUR = 3_600_000;

function aBudget() {
  const clock = new TestClock(Date.UTC(2026, 0, 5));
  const told: (AllowanceReport | null)[] = [];
  const reportAllowance = async (_: AccountId, __: Address, report: AllowanceReport | null) =>
    void told.push(report);
  const budget = new SendBudget({ clock, store: memoryStore(clock), reportAllowance }, officialAccountRules);
  let last = 0;
  const open = (opening: Opening, by = `m-${String(++last).padStart(6, '0')}`, at = clock.now()) =>
    budget.open(customer, { opening, at: Math.floor(at / 1000) * 1000, by });
  const take = async (count = 1) => {
    const taken = await budget.take(customer, count);
    return taken.ok ? 'ok' : taken.why;
  };
  return { clock, told, budget, open, take };
}

it('is closed to whoever never wrote, and says so once', async () => {
  const { take, told } = aBudget();
  expect([await take(), await take()]).toEqual(['window_closed', 'window_closed']);
  expect(told).toEqual([
    { until: null, left: 0, reason: 'window_closed', alternatives: ['template', 'notice'] },
  ]);
});

it('allows five for each message, for 48 hours', async () => {
  const { clock, open, take } = aBudget();
  await open('message');
  for (let n = 0; n < 5; n++) expect(await take()).toBe('ok');
  expect(await take()).toBe('waits_for_customer');
  await open('message');
  expect(await take(5)).toBe('ok');
  await open('message');
  clock.advance(48 * HOUR);
  expect(await take()).toBe('window_closed');
});

it('takes all or nothing', async () => {
  const { open, take } = aBudget();
  await open('message');
  expect([await take(3), await take(3), await take(2)]).toEqual(['ok', 'waits_for_customer', 'ok']);
});

it('does not count a push that comes again as another message, nor one from before', async () => {
  const { clock, open, take } = aBudget();
  await open('message', 'm-2');
  await take(5);
  await open('message', 'm-2');
  await open('message', 'm-1');
  await open('message', 'm-9', clock.now() - 5_000);
  expect(await take()).toBe('waits_for_customer');
  await open('message', 'm-3');
  expect(await take()).toBe('ok');
});

it('gives back what was surely not sent, and believes Tencent when it says that there is no more', async () => {
  const { budget, open, take } = aBudget();
  await open('message');
  const taken = await budget.take(customer, 4);
  await budget.giveBack(customer, taken, 3);
  expect([await take(4), await take()]).toEqual(['ok', 'waits_for_customer']);
  await open('message');
  await budget.exhaust(customer);
  expect(await take()).toBe('waits_for_customer');
});

it('never sends what Tencent would refuse, whatever customers do', async () => {
  const refused: string[] = [];
  for (let seed = 1; seed <= 200; seed++) {
    const { clock, open, take } = aBudget();
    const tencent = new SendWindow(clock);
    let state = seed * 2_654_435_761;
    const random = (below: number) => ((state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >>> 8) % below;
    for (let step = 0; step < 60; step++) {
      const what = random(10);
      if (what === 0) {
        tencent.open('message');
        await open('message');
      } else if (what === 1) {
        tencent.open('moment');
        await open(random(2) ? 'menu' : 'scan');
      } else if (what < 4) clock.advance([500, 20_000, 70_000, 24 * HOUR][random(4)]!);
      else if ((await take()) === 'ok') {
        const code = tencent.spend();
        if (code !== 0) refused.push(`${seed}/${step}: ${code}`);
      }
    }
  }
  expect(refused).toEqual([]);
});

it('tells what is left again after another process has sent', async () => {
  const clock = new TestClock(Date.UTC(2026, 0, 5));
  const told: (AllowanceReport | null)[] = [];
  const reportAllowance = async (_: AccountId, __: Address, report: AllowanceReport | null) =>
    void told.push(report);
  const host = { clock, store: memoryStore(clock), reportAllowance };
  const [receives, sends] = [
    new SendBudget(host, officialAccountRules),
    new SendBudget(host, officialAccountRules),
  ];
  await receives.open(customer, { opening: 'message', at: clock.now(), by: 'm-1' });
  await receives.open(customer, { opening: 'message', at: clock.now(), by: 'm-2' });
  expect(told.map((report) => report?.left)).toEqual([5]);
  await sends.take(customer, 5);
  clock.advance(1_000);
  await receives.open(customer, { opening: 'message', at: clock.now(), by: 'm-3' });
  expect(told.map((report) => report?.left)).toEqual([5, 0, 5]);
});
