import { deliveryClimbs, deliveryMoves, deliveryStates } from '@yixian/contracts';
import { derivedId } from '@yixian/contracts/node';
import { busSchema } from '@yixian/bus';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import fc from 'fast-check';
import { plainText } from '../conversations/plain-text.ts';
import { hubSchema } from '../hub-schema.ts';

let database: Database;
beforeAll(async () => {
  database = await freshDatabase({ parts: [busSchema, hubSchema] });
});
afterAll(() => database.close());

const value = async <T>(expression: string, values: unknown[]): Promise<T> => {
  const [row] = await database.query<{ value: T }>(`select ${expression} as value`, values);
  return row!.value;
};

it('derives ids byte for byte as the contracts do', async () => {
  // What PostgreSQL cannot hold cannot be a part: NUL and half a surrogate pair.
  const part = fc.string({ unit: 'grapheme' }).map(plainText);
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
      expect(await value('hub.derived_id(variadic $1::text[])', [parts])).toBe(derivedId(...parts));
    }),
    { numRuns: 200 },
  );
});

it('writes positions as times and back', async () => {
  expect(await value('hub.iso($1::bigint)', [1_767_225_600_123_999])).toBe('2026-01-01T00:00:00.123Z');
  const back = 'hub.micros(hub.at($1::bigint))';
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 4e15 }), async (micros) => {
      expect(await value(back, [micros])).toBe(micros);
    }),
    { numRuns: 50 },
  );
});

it('asks the lattice as the contracts do', async () => {
  for (const from of deliveryStates) {
    for (const to of deliveryStates) {
      const climbs = await value('$1::jsonb->$2::text ? $3', [JSON.stringify(deliveryMoves), from, to]);
      expect({ from, to, climbs }).toEqual({ from, to, climbs: deliveryClimbs(from, to) });
    }
  }
});

describe('claims', () => {
  const keys = (...claims: object[]) =>
    value<string[]>(`hub.claim_keys($1, 'chat', 'site-1')`, [JSON.stringify(claims)]);

  it('are compared in one form, each within its scope, and only when they were proved', async () => {
    expect(await keys({ kind: 'email', value: ' A@B.example', verified: true })).toEqual([
      'email\na@b.example',
    ]);
    expect(await keys({ kind: 'phone', value: '+86 (138) 0013-8000', verified: true })).toEqual([
      'phone\n+8613800138000',
    ]);
    expect(await keys({ kind: 'external', value: '42', verified: true, evidence: 'jwt:shop' })).toEqual([
      'external:jwt:shop\n42',
    ]);
    expect(await keys({ kind: 'external', value: '42', verified: true })).toEqual([
      'external:chat:site-1\n42',
    ]);
    expect(await keys({ kind: 'email', value: 'a@b.example', verified: false })).toEqual([]);
  });

  it('keep their proof when they are made again without one', async () => {
    const proved = { kind: 'email', value: 'a@b.example', verified: true, evidence: 'dkim' };
    const told = { kind: 'email', value: 'a@b.example', verified: false };
    const merge = (old: object[], fresh: object[]) =>
      value('hub.merge_claims($1, $2)', [JSON.stringify(old), JSON.stringify(fresh)]);
    expect(await merge([proved], [told])).toEqual([proved]);
    expect(await merge([told], [proved])).toEqual([proved]);
    const known = (old: object[], fresh: object[]) =>
      value('hub.claims_known($1, $2)', [JSON.stringify(old), JSON.stringify(fresh)]);
    expect(await known([proved], [told])).toBe(true);
    expect(await known([told], [proved])).toBe(false);
    expect(await known([], [])).toBe(true);
  });

  it('are never more than 50, and proved ones stay', async () => {
    const many = Array.from({ length: 60 }, (_, n) => ({
      kind: 'email',
      value: `${n}@b.example`,
      verified: n === 59,
    }));
    const kept = await value<{ verified: boolean }[]>('hub.merge_claims($1, $2)', [
      JSON.stringify(many),
      '[]',
    ]);
    expect(kept).toHaveLength(50);
    expect(kept.filter(({ verified }) => verified)).toHaveLength(1);
  });
});
