import type { SchemaPart } from '@yixian/database';
import { BusLog1795305600000 } from './migrations/1795305600000-bus-log.ts';
import { QuickAppend1795612800000 } from './migrations/1795612800000-quick-append.ts';
import { LeanAppend1795623500000 } from './migrations/1795623500000-lean-append.ts';
import { Spooled1795620000000 } from './migrations/1795620000000-spooled.ts';

/** The schema `bus`: log, cursors, dead letters, and who owns which partition. */
export const busSchema: SchemaPart = {
  entities: [],
  migrations: [BusLog1795305600000, QuickAppend1795612800000, Spooled1795620000000, LeanAppend1795623500000],
};
