// How many replicas there may be, and what that asks of others.
import { autoscalersOf, idOf, mostReplicas, named, ofKind } from './objects.mjs';

export function autoscalers(objects) {
  const all = autoscalersOf(objects);
  const nobodys = ofKind(objects, 'Deployment').filter(
    ({ spec, metadata }) =>
      spec.replicas === undefined && !all.some((one) => one.spec.scaleTargetRef.name === metadata.name),
  );
  return nobodys
    .map((one) => `${idOf(one)}: nobody says how many replicas there are`)
    .concat(
      all.flatMap((scaler) => {
        const { name } = scaler.spec.scaleTargetRef;
        const target = named(objects, 'Deployment', name);
        if (!target) return [`${idOf(scaler)}: there is no Deployment/${name}`];
        const faults = [];
        if (all.filter((one) => one.spec.scaleTargetRef.name === name).length > 1)
          faults.push(`Deployment/${name} has two autoscalers`);
        if (target.spec.replicas !== undefined) faults.push(`an apply sets the replicas of ${name} back`);
        return [...faults, ...kafkaTriggers(objects, scaler)].map((fault) => `${idOf(scaler)}: ${fault}`);
      }),
    );
}

function kafkaTriggers(objects, { spec }) {
  return (spec.triggers ?? [])
    .filter(({ type }) => type === 'apache-kafka')
    .flatMap(({ metadata: { topic: name, consumerGroup } }) => {
      const topic = named(objects, 'KafkaTopic', name);
      if (!topic) return [`there is no topic ${name}`];
      if (!consumerGroup.endsWith(`.${name}`)) return [`nobody reads ${name} as ${consumerGroup}`];
      return spec.maxReplicaCount > topic.spec.partitions ? [`more replicas than partitions of ${name}`] : [];
    });
}

/** The connections of a process's pool, and those beside it: for LISTEN, and for a migration. */
const POOL = 10;
const BESIDE_POOL = 2;

export function connections(objects) {
  const needed = ofKind(objects, 'Deployment')
    .map((workload) => mostReplicas(objects, workload) * (POOL + BESIDE_POOL))
    .reduce((sum, one) => sum + one, 0);
  return ofKind(objects, 'Cluster')
    .filter(({ spec }) => Number(spec.postgresql?.parameters?.max_connections ?? 100) < needed + 20)
    .map((cluster) => `${idOf(cluster)}: the apps may open ${needed} connections`);
}
