import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicResources } from './topics.ts';

const root = join(import.meta.dirname, '../..');

describe('k8s/components/kafka-strimzi/topics.yaml', () => {
  it('is what libs/contracts says (else: node tools/k8s-check/topics.mjs)', () => {
    const committed = readFileSync(join(root, 'k8s/components/kafka-strimzi/topics.yaml'), 'utf8');
    expect(committed).toBe(topicResources());
  });
});

describe('k8s/base', () => {
  it('runs every app that can run as a service', () => {
    const runnable = readdirSync(join(root, 'apps')).filter(
      (app) => app !== 'standalone' && existsSync(join(root, 'apps', app, 'src/main.ts')),
    );
    const resources = readFileSync(join(root, 'k8s/base/kustomization.yaml'), 'utf8');
    expect(runnable.filter((app) => !resources.includes(`  - ${app}\n`))).toEqual([]);
  });
});
