// What a pod names is there.
import { containersOf, idOf, isOurs, named, ofKind, podOf, workloadsOf } from './objects.mjs';

export function references(objects) {
  return workloadsOf(objects).flatMap((workload) => {
    const pod = podOf(workload).spec;
    const faults = [];
    if (!named(objects, 'ServiceAccount', pod.serviceAccountName))
      faults.push(`there is no service account ${pod.serviceAccountName}`);
    for (const { persistentVolumeClaim: claim } of pod.volumes ?? [])
      if (claim && !named(objects, 'PersistentVolumeClaim', claim.claimName))
        faults.push(`there is no claim ${claim.claimName}`);
    const volumes = [...(pod.volumes ?? []), ...(workload.spec.volumeClaimTemplates ?? [])];
    const names = new Set(volumes.map(({ name, metadata }) => name ?? metadata.name));
    for (const container of pod.containers) {
      for (const { configMapRef: map } of container.envFrom ?? [])
        if (map && !named(objects, 'ConfigMap', map.name)) faults.push(`there is no config map ${map.name}`);
      for (const { name } of container.volumeMounts ?? [])
        if (!names.has(name)) faults.push(`there is no volume ${name}`);
    }
    return faults.map((fault) => `${idOf(workload)}: ${fault}`);
  });
}

/** Secrets come from an ExternalSecret or an operator; in a deployment that has neither, a person makes `yixian`. */
export function secrets(objects) {
  const made = new Map(
    ofKind(objects, 'ExternalSecret').map(({ spec }) => [
      spec.target.name,
      spec.data.map((d) => d.secretKey),
    ]),
  );
  for (const { metadata } of ofKind(objects, 'Cluster')) made.set(`${metadata.name}-app`, ['uri']);
  if (made.size === 0) made.set('yixian', ['YIXIAN_SECRET', 'DATABASE_URL', 'POSTGRES_PASSWORD']);
  return workloadsOf(objects).flatMap((workload) =>
    containersOf(workload).flatMap(({ env = [] }) =>
      env
        .map(({ valueFrom }) => valueFrom?.secretKeyRef)
        .filter((key) => key && !made.get(key.name)?.includes(key.key))
        .map(({ name, key }) => `${idOf(workload)}: nobody makes ${key} of the secret ${name}`),
    ),
  );
}

export function settings(objects, { settings: known }) {
  const maps = ofKind(objects, 'ConfigMap').flatMap((map) =>
    Object.keys(map.data ?? {}).map((name) => ({ where: idOf(map), name })),
  );
  const given = workloadsOf(objects).flatMap((workload) =>
    containersOf(workload)
      .filter(isOurs)
      .flatMap(({ env = [] }) => env.map(({ name }) => ({ where: idOf(workload), name }))),
  );
  return [...maps, ...given]
    .filter(({ name }) => !known.includes(name))
    .map(({ where, name }) => `${where}: there is no setting ${name}`);
}
