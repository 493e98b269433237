import { busSchema } from '@yixian/bus';
import type { SchemaPart } from '@yixian/database';
import type { App } from './app.ts';

/** What a process with these apps keeps in the database. Apps may bring the same part. */
export function schemaOf(apps: Pick<App, 'schema'>[]): SchemaPart[] {
  return [...new Set([busSchema, ...apps.flatMap(({ schema }) => schema ?? [])])];
}
