import type { SchemaPart } from '@yixian/database';

/** What the record of the hub brings to the database: schema `hub`. */
export const hubSchema = { entities: [] as Function[], migrations: [] as Function[] } satisfies SchemaPart;
