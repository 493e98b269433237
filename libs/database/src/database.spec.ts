import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase } from '../testing/index.ts';
import type { Database } from './database.ts';

describe('a database', () => {
  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase({ parts: [] });
  });
  afterAll(() => database.close());

  it('answers', async () => {
    expect(await database.query('select 1::bigint as one')).toEqual([{ one: 1 }]);
  });
});
