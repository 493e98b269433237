import { openPostgresHarness } from '../testing/postgres-harness.ts';
import { busSuite } from '../testing/bus-suite.ts';

busSuite('PostgreSQL', openPostgresHarness);
