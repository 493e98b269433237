// Apps are replaced and drained one by one, with nobody cut off.
import { containersOf, idOf, matches, named, ofKind } from './objects.mjs';

export function everyApp(objects, { apps }) {
  return apps
    .filter((app) => {
      const workload = named(objects, 'Deployment', app);
      return workload && containersOf(workload)[0].args?.[0] !== `dist/apps/${app}/main.js`;
    })
    .map((app) => `Deployment/${app}: does not run ${app}`)
    .concat(
      apps.filter((app) => !named(objects, 'Deployment', app)).map((app) => `there is no Deployment/${app}`),
    );
}

const STOP_SECONDS = 10;

/** Ours are replaced one after the other, with nobody cut off, and drained one by one. */
export function rolling(objects) {
  return ofKind(objects, 'Deployment').flatMap((workload) => {
    const { strategy, selector, template } = workload.spec;
    const { labels } = template.metadata;
    const faults = [];
    if (!matches(selector, labels)) faults.push('its selector does not find its own pods');
    if (strategy?.rollingUpdate?.maxUnavailable !== 0) faults.push('a roll-out takes replicas away');
    const wait = template.spec.containers[0].lifecycle?.preStop?.sleep?.seconds ?? 0;
    if (wait < 1) faults.push('it stops while proxies still send to it');
    if ((template.spec.terminationGracePeriodSeconds ?? 30) < wait + STOP_SECONDS + 5)
      faults.push('it is killed before it has stopped in order');
    if (!template.spec.containers[0].env.some(({ name, value }) => name === 'MIGRATE' && value === 'wait'))
      faults.push('it does not wait for the migration job');
    faults.push(...spread(template), ...budget(objects, workload));
    return faults.map((fault) => `${idOf(workload)}: ${fault}`);
  });
}

function spread({ metadata: { labels }, spec }) {
  const keys = (spec.topologySpreadConstraints ?? [])
    .filter(({ labelSelector }) => Object.keys(labelSelector?.matchLabels ?? {}).length > 0)
    .filter(({ labelSelector }) => matches(labelSelector, labels))
    .map(({ topologyKey }) => topologyKey);
  return ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']
    .filter((key) => !keys.includes(key))
    .map((key) => `its replicas are not spread over ${key}`);
}

function budget(objects, { spec }) {
  const budgets = ofKind(objects, 'PodDisruptionBudget').filter((one) =>
    matches(one.spec.selector, spec.template.metadata.labels),
  );
  if (budgets.length !== 1) return [`it has ${budgets.length} disruption budgets`];
  const { maxUnavailable, minAvailable } = budgets[0].spec;
  const blocks = maxUnavailable === undefined ? minAvailable !== 0 : !(parseInt(maxUnavailable, 10) > 0);
  return blocks ? ['its disruption budget may block a drain for ever'] : [];
}
