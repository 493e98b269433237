// `npm run test:kubernetes`: both overlays on a real control plane. The first run builds it from Go modules, in some
// minutes. The nodes are played: what a container does is not tested here.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { kustomize } from '../k8s-check/kustomize.mjs';
import { Cluster } from './cluster.mjs';

const root = join(import.meta.dirname, '../..');
const NAMESPACE = 'yixian';
const PATIENCE = '--timeout=120s';
const inside = (...args) => ['-n', NAMESPACE, ...args];

const rendered = (folder) => kustomize(join(root, folder));
/** The same deployment of another release. */
const released = (objects, release) =>
  objects
    .replaceAll('yixian:0.1.0', `yixian:${release}`)
    .replaceAll('migrate-0-1-0', `migrate-${release.replaceAll('.', '-')}`);
const only = (objects, kind) =>
  objects
    .split(/^---$/m)
    .filter((one) => one.includes(`\nkind: ${kind}\n`))
    .join('---');
/** Replaces what must be there. */
function planted(objects, from, to) {
  assert.ok(objects.includes(from), `${from} is not deployed`);
  return objects.replaceAll(from, to);
}

let cluster;
before(() => (cluster = Cluster.up()));
after(() => cluster?.down());

const deployments = () =>
  cluster.must(inside('get', 'deployment', '-o', 'jsonpath={.items[*].metadata.name}')).split(' ');

function apply(objects) {
  const { ok, text } = cluster.apply(objects);
  assert.ok(ok, text);
}

/** Everything runs: the job first, since nothing is ready before it has ended. */
function settle() {
  cluster.must(inside('wait', '--for=condition=Complete', 'job', '--all', PATIENCE));
  cluster.must(inside('wait', '--for=condition=Available', 'deployment', '--all', PATIENCE));
  for (const name of deployments()) cluster.must(inside('rollout', 'status', `deployment/${name}`, PATIENCE));
}

function forget() {
  cluster.must(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait', PATIENCE]);
}

const drain = (nodes, timeout) =>
  cluster.ask([
    'drain',
    ...nodes,
    '--ignore-daemonsets',
    '--delete-emptydir-data',
    '--force',
    `--timeout=${timeout}`,
  ]);
const uncordon = () => cluster.must(['uncordon', 'node-1', 'node-2', 'node-3']);

describe('the overlay dev', () => {
  const objects = rendered('k8s/overlays/dev');

  after(forget);

  test('is accepted, and everything in it becomes available', () => {
    apply(objects);
    settle();
    for (const name of ['kafka', 'postgres'])
      cluster.must(inside('rollout', 'status', `statefulset/${name}`, PATIENCE));
  });

  test('is accepted again as it is', () => apply(objects));
});

describe('what is refused', () => {
  const objects = rendered('k8s/overlays/production');
  const answer = (text) => cluster.apply(text, '--dry-run=server');
  const refused = (text, why) => {
    const { ok, text: said } = answer(text);
    assert.equal(ok, false);
    assert.match(said, why);
  };

  before(() => apply(only(objects, 'Namespace')));
  after(forget);

  test('is not the overlay production, nor the components that neither overlay uses', () => {
    for (const text of [objects, rendered('tools/k8s-check/variant')])
      assert.ok(answer(text).ok, answer(text).text);
  });

  test('is a typo in a field', () =>
    refused(planted(objects, 'readinessProbe:', 'readinesProbe:'), /field not declared in schema/));

  test('is a privileged container', () =>
    refused(
      planted(objects, 'allowPrivilegeEscalation: false', 'privileged: true'),
      /would violate PodSecurity/,
    ));
});

describe('the overlay production', () => {
  const objects = rendered('k8s/overlays/production');

  before(() => {
    apply(objects);
    // As the autoscalers would: they leave two at least.
    cluster.must(inside('scale', 'deployment', '--all', '--replicas=2'));
    settle();
  });
  after(forget);

  const images = () =>
    cluster.must(
      inside('get', 'deployment', '-o', 'jsonpath={.items[*].spec.template.spec.containers[0].image}'),
    );

  test('has its operators accept what is theirs', () => {
    for (const kind of [
      'kafkas',
      'kafkanodepools',
      'kafkatopics',
      'clusters',
      'scaledobjects',
      'httproutes',
      'externalsecrets',
    ])
      assert.notEqual(cluster.must(inside('get', kind, '-o', 'name')), '', `there are no ${kind}`);
  });

  test('is replaced by the next release with both replicas of every app available throughout', async () => {
    const fewest = await cluster.fewestAvailable(NAMESPACE, async () => {
      apply(released(objects, '0.2.0'));
      settle();
    });
    assert.deepEqual(fewest, Object.fromEntries(deployments().map((name) => [name, 2])));
    assert.match(images(), /^(\S+:0\.2\.0 ?)+$/);
  });

  test('keeps the release before when the next never gets ready, and goes back to it', async () => {
    const never = planted(
      released(objects, '0.3.0'),
      '        yixian/role: service\n    spec:',
      '        yixian/role: service\n      annotations:\n        pod-ready.stage.kwok.x-k8s.io/delay: 1h\n    spec:',
    );
    const fewest = await cluster.fewestAvailable(NAMESPACE, async () => {
      apply(never);
      for (const name of deployments()) {
        const { ok } = cluster.ask(inside('rollout', 'status', `deployment/${name}`, '--timeout=5s'));
        assert.equal(ok, false, `${name} was replaced by what never got ready`);
        cluster.must(inside('rollout', 'undo', `deployment/${name}`));
      }
      settle();
    });
    assert.deepEqual(fewest, Object.fromEntries(deployments().map((name) => [name, 2])));
    assert.match(images(), /^(\S+:0\.2\.0 ?)+$/);
  });

  test('lets a node be drained while there is room elsewhere', () => {
    const { ok, text } = drain(['node-1'], '60s');
    assert.ok(ok, text);
    settle();
  });

  test('holds a drain that would take the last replica of an app', async () => {
    cluster.must(['cordon', 'node-2', 'node-3']);
    const fewest = await cluster.fewestAvailable(NAMESPACE, () => {
      const { ok, text } = drain(['node-2', 'node-3'], '12s');
      assert.equal(ok, false);
      assert.match(text, /disruption budget/);
    });
    assert.deepEqual(fewest, Object.fromEntries(deployments().map((name) => [name, 1])));
    uncordon();
    settle();
  });

  test('would never be drained with a budget that allows nothing', () => {
    const budgets = only(objects, 'PodDisruptionBudget');
    apply(planted(budgets, 'maxUnavailable: 1', 'maxUnavailable: 0'));
    const { ok, text } = drain(['node-1', 'node-2'], '12s');
    uncordon();
    assert.equal(ok, false);
    assert.match(text, /disruption budget/);
  });
});
