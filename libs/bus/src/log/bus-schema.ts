import type { SchemaPart } from '@yixian/database';
import { BusLog1795305600000 } from './migrations/1795305600000-bus-log.ts';

/** The schema `bus`: log, cursors, dead letters, and who owns which partition. */
export const busSchema: SchemaPart = { entities: [], migrations: [BusLog1795305600000] };
