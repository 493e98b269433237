import 'reflect-metadata';
import { systemClock } from '@yixian/contracts';
import { migrate, openDatabase } from '@yixian/database';
import { readSettings, schemaOf } from '@yixian/service';
import { runAdminCommand, WrongCommand } from '../agents/admin-commands.ts';
import { conversationHub } from '../app.ts';
import { environment } from '../settings.ts';

// `npm run -s admin -- token create --role admin`: works on the same database as the server, also while that runs.
const { service } = readSettings([], environment());
const database = await openDatabase({
  url: service.DATABASE_URL,
  dataDir: service.DATA_DIR,
  parts: schemaOf([conversationHub]),
  clock: systemClock,
  poolSize: 2,
  name: 'admin',
});
try {
  await migrate(database);
  console.log(await runAdminCommand(process.argv.slice(2), { database, clock: systemClock }));
} catch (error) {
  if (!(error instanceof WrongCommand)) throw error;
  console.error(error.message);
  process.exitCode = 2;
} finally {
  await database.close();
}
