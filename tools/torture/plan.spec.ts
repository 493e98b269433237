import { describe, expect, it } from '@jest/globals';
import { linkFaults, planOf, processFaults } from './plan.ts';
import { optionsFrom } from './options.ts';
import { scheduleOf } from './schedule.ts';
import { codeOf, messageText, replyText, wordFor } from './words.ts';

const targets = { processes: ['app1', 'postgres'], links: ['browsers-app1'] };

describe('a fault schedule', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planOf(7, 300, targets)).toEqual(planOf(7, 300, targets));
    expect(planOf(8, 300, targets)).not.toEqual(planOf(7, 300, targets));
  });

  it('does to each target only what can be done to it, and nothing while it is broken', () => {
    for (let seed = 0; seed < 50; seed++) {
      const until = new Map<string, number>();
      for (const { at, target, kind, lasts } of planOf(seed, 300, targets)) {
        const kinds: readonly string[] = targets.links.includes(target) ? linkFaults : processFaults;
        expect(kinds).toContain(kind);
        expect(at).toBeGreaterThanOrEqual(until.get(target) ?? 0);
        until.set(target, at + lasts);
      }
    }
  });

  it('in time does everything to everything', () => {
    const done = new Set(planOf(1, 3000, targets).map(({ target, kind }) => `${kind} ${target}`));
    expect(done.size).toBe(2 * processFaults.length + linkFaults.length);
  });
});

it('does to what brings a planted bug to light nothing but kill it, so that it comes back and works in between', () => {
  const plan = scheduleOf(optionsFrom(['--planted', 'late-ledger', '--seconds', '120']));
  expect(plan.length).toBeGreaterThan(10);
  expect(new Set(plan.map(({ target, kind }) => `${kind} ${target}`))).toEqual(new Set(['kill post1']));
});

it('reads from a text what wrote it', () => {
  expect(codeOf(messageText(12, 345))).toBe(345);
  expect(codeOf(replyText(57))).toBe(-57);
  expect(codeOf('您好')).toBe(0);
  expect([345, -57].map(wordFor)).toEqual(['m345', 'r57']);
});
