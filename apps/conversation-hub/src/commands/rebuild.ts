import 'reflect-metadata';
import { systemClock } from '@yixian/contracts';
import { migrate, openDatabase } from '@yixian/database';
import { readSettings, schemaOf } from '@yixian/service';
import { conversationHub } from '../app.ts';
import { rebuildReport } from '../rebuild/rebuild-report.ts';
import { rebuild } from '../rebuild/rebuild.ts';
import { environment } from '../settings.ts';

// `npm run rebuild`: makes the read models again from the log and compares, also while the server runs. Ends with 1
// when they differ.
const { service } = readSettings([], environment());
const database = await openDatabase({
  url: service.DATABASE_URL,
  dataDir: service.DATA_DIR,
  parts: schemaOf([conversationHub]),
  clock: systemClock,
  poolSize: 2,
  patient: true,
  name: 'rebuild',
});
try {
  await migrate(database);
  const result = await rebuild(database, systemClock);
  console.log(rebuildReport(result));
  if (!result.equal) process.exitCode = 1;
} finally {
  await database.close();
}
