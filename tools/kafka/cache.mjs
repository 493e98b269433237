import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The version of Apache Kafka that is run; the same as in `pom.xml` and `jars.txt`. */
export const KAFKA_VERSION = '4.4.0';

/** Where jars and a Java that was fetched stay between runs. Ignored by git. */
export const CACHE = join(import.meta.dirname, '../../.cache/kafka');

/** A folder inside the cache, made when it is missing. */
export function cacheFolder(...path) {
  const folder = join(CACHE, ...path);
  mkdirSync(folder, { recursive: true });
  return folder;
}
