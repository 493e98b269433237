import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CACHE, KAFKA_VERSION, cacheFolder } from './cache.mjs';
import { canRun, run } from './command.mjs';

const here = import.meta.dirname;
const MAVEN_CENTRAL = 'https://repo1.maven.org/maven2';
/** Enough to fill the line, few enough not to look like an attack. */
const DOWNLOADS_AT_ONCE = 8;

/** The folder with the broker's jars: 45 files, 43 MB, fetched once and checked against `jars.txt`. */
export async function fetchJars() {
  const folder = join(CACHE, KAFKA_VERSION, 'jars');
  if (existsSync(join(folder, '.complete'))) return folder;
  const fresh = `${cacheFolder(KAFKA_VERSION)}/fetching-${process.pid}`;
  mkdirSync(fresh);
  try {
    await (canRun('mvn', '-v') ? copyWithMaven(fresh) : downloadAll(fresh));
    for (const jar of pinnedJars()) check(jar, readFileSync(join(fresh, jar.file)));
    writeFileSync(join(fresh, '.complete'), '');
    putInPlace(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Another process may have been faster; what it fetched is the same. */
function putInPlace(fresh, folder) {
  if (existsSync(join(folder, '.complete'))) return;
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

function pinnedJars() {
  const lines = readFileSync(join(here, 'jars.txt'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [sha256, path] = line.split(/\s+/);
    return { sha256, path, file: basename(path) };
  });
}

/** Maven first: it knows the mirrors and proxies of this machine. */
async function copyWithMaven(folder) {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'];
  await run('mvn', ['-q', '-B', '-f', join(here, 'pom.xml'), ...goal]);
}

async function downloadAll(folder) {
  const waiting = pinnedJars();
  const worker = async () => {
    for (let jar = waiting.pop(); jar; jar = waiting.pop()) {
      const answer = await fetch(`${MAVEN_CENTRAL}/${jar.path}`);
      if (!answer.ok) throw new Error(`${MAVEN_CENTRAL}/${jar.path} answered ${answer.status}.`);
      writeFileSync(join(folder, jar.file), Buffer.from(await answer.arrayBuffer()));
    }
  };
  await Promise.all(Array.from({ length: DOWNLOADS_AT_ONCE }, worker));
}

function check(jar, bytes) {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== jar.sha256) throw new Error(`${jar.file} is not the file that jars.txt names.`);
}
