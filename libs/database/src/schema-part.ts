import type { MixedList } from 'typeorm';

/** What a package brings to the database: its entities, and its migrations, forward only. */
export interface SchemaPart {
  entities: MixedList<Function>;
  migrations: MixedList<Function>;
}

/** TypeORM takes arrays and `import * as` objects alike. */
export function listed(list: MixedList<Function>): Function[] {
  return Array.isArray(list) ? list : Object.values(list);
}
