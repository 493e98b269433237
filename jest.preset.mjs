// One Jest project per Nx project: native ESM, SWC with decorator metadata.
import { join } from 'node:path';

const root = import.meta.dirname;

const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', decorators: true, tsx: false },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      target: 'es2023',
      keepClassNames: true,
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];
const swcReact = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic' } },
      target: 'es2023',
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

/** A Jest project for the folder `folder`, named as Nx names it. */
export const project = (displayName, folder) => ({
  displayName,
  rootDir: join(root, folder),
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.ts$': swc, '^.+\\.tsx$': swcReact },
  moduleNameMapper: {
    '^@yixian/contracts/(?!testing$|node$)(.+)$': join(root, 'libs/contracts/src/$1.ts'),
    '^@yixian/contracts/node$': join(root, 'libs/contracts/src/node/index.ts'),
    '^@yixian/(contracts|database|bus|media|channel|service)/testing$': join(
      root,
      'libs/$1/testing/index.ts',
    ),
    '^@yixian/(contracts|database|bus|media|channel|service)$': join(root, 'libs/$1/src/index.ts'),
    '^@yixian/([^/]+)$': join(root, 'apps/$1/src/index.ts'),
  },
  testMatch: ['<rootDir>/**/*.spec.ts', '<rootDir>/**/*.spec.tsx'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
});
