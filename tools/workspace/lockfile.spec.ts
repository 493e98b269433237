import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, '../..', file), 'utf8'));

interface LockedPackage {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

// A package whose binaries for other platforms are left out of the lock makes `npm ci` fail on every machine.
it('holds every platform binary that a package names as optional', () => {
  const packages: Record<string, LockedPackage> = read('package-lock.json').packages;
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) =>
          !packages[`${path}/node_modules/${name}`.replace(/^\//, '')] && !packages[`node_modules/${name}`],
      )
      .map((name) => `${path || '(root)'} → ${name}`),
  );
  expect(missing).toEqual([]);
});

it('pins every direct dependency to one version', () => {
  const { dependencies, devDependencies, optionalDependencies } = read('package.json');
  const loose = Object.entries<string>({
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
  }).filter(([name, version]) => name !== '@types/node' && !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  expect(loose).toEqual([]);
});
