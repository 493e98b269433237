import { join } from 'node:path';
import { EmbeddedServer } from './embedded-server.ts';

/**
 * Begins to start the embedded server of `dataDir`, which takes longest of all when its data directory must be made
 * first, while the rest of the program is still loaded. `openDatabase` finds it under way.
 */
export function beginToOpenEmbedded(dataDir: string): void {
  EmbeddedServer.beginToOpen({ folder: join(dataDir, 'postgres') });
}
