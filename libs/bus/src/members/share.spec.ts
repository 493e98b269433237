import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextStep } from './share.ts';

describe('nextStep', () => {
  it('takes everything when it is alone', () => {
    expect(nextStep('a', { partitions: 3, members: ['a'], owners: new Map() })).toEqual({
      held: [],
      claim: [0, 1, 2],
      release: [],
    });
  });

  it('takes what a dead member holds, and nothing of a living one', () => {
    const owners = new Map([
      [0, 'dead'],
      [1, 'b'],
      [2, 'b'],
    ]);
    expect(nextStep('a', { partitions: 3, members: ['a', 'b'], owners })).toEqual({
      held: [],
      claim: [0],
      release: [],
    });
  });

  it('gives up what is more than its share when somebody comes', () => {
    const owners = new Map([0, 1, 2, 3].map((partition) => [partition, 'b']));
    expect(nextStep('b', { partitions: 4, members: ['a', 'b'], owners })).toMatchObject({
      claim: [],
      release: [2, 3],
    });
  });

  it('ends in fair shares without a partition lost or held twice, from any beginning and in any order of turns', () => {
    const beginning = fc.record({
      partitions: fc.integer({ min: 1, max: 24 }),
      members: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
      turns: fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(beginning, ({ partitions, members, turns }) => {
        const owners = new Map<number, string>();
        const turn = (member: string): void => {
          const { claim, release } = nextStep(member, { partitions, members, owners });
          for (const partition of release) owners.delete(partition);
          for (const partition of claim) owners.set(partition, member);
        };
        for (const n of turns) turn(members[n % members.length]!);
        for (const round of [1, 2])
          for (const member of members) expect(round && turn(member)).toBeUndefined();
        const counts = members.map(
          (member) => [...owners.values()].filter((owner) => owner === member).length,
        );
        expect(owners.size).toBe(partitions);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
