// Who may talk to whom.
import { containersOf, idOf, matches, ofKind, podOf, workloadsOf } from './objects.mjs';

export function networkPolicies(objects) {
  const policies = ofKind(objects, 'NetworkPolicy');
  const denies = policies.some(
    ({ spec }) =>
      Object.keys(spec.podSelector).length === 0 &&
      !spec.ingress &&
      !spec.egress &&
      ['Ingress', 'Egress'].every((type) => spec.policyTypes.includes(type)),
  );
  const faults = denies ? [] : ['there is no policy that denies everything'];
  for (const policy of policies) {
    const { podSelector, ingress = [] } = policy.spec;
    const ports = workloadsOf(objects)
      .filter((one) => matches(podSelector, podOf(one).metadata.labels))
      .flatMap((one) => containersOf(one).flatMap((container) => container.ports ?? []));
    const wanted = ingress.flatMap(({ ports: list = [] }) => list.map(({ port }) => port));
    for (const port of wanted.filter((one) => typeof one === 'string'))
      if (!ports.some(({ name }) => name === port))
        faults.push(`${idOf(policy)}: nobody has the port ${port}`);
    if (ingress.some(({ from }) => !from)) faults.push(`${idOf(policy)}: lets everybody in`);
  }
  return [...faults, ...coveredBackends(objects)];
}

/** What the apps talk to lets them in: a policy, by labels that somebody has. */
function coveredBackends(objects) {
  const labels = [
    ...workloadsOf(objects).map((one) => podOf(one).metadata.labels ?? {}),
    ...ofKind(objects, 'Cluster').map(({ spec }) => spec.inheritedMetadata?.labels ?? {}),
    ...ofKind(objects, 'Kafka').map(({ spec }) => spec.kafka.template?.pod?.metadata?.labels ?? {}),
  ];
  const wanted = ofKind(objects, 'NetworkPolicy')
    .filter(({ metadata }) => metadata.name === 'to-database-and-brokers')
    .flatMap(({ spec }) => spec.egress.flatMap(({ to }) => to.map(({ podSelector }) => podSelector)));
  if (wanted.length === 0) return ['the apps reach neither database nor brokers'];
  return wanted
    .filter((selector) => !labels.some((one) => matches(selector, one)))
    .map((selector) => `no pod is ${JSON.stringify(selector.matchLabels)}`);
}
