// What each object is, wherever it is named.
import { idOf, ofKind } from './objects.mjs';

export function uniqueNames(objects) {
  const ids = objects.map(idOf);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id}: there are two`);
}

/** The versions that the operators named in k8s/README.md serve; schemas of older ones exist still. */
const served = {
  'external-secrets.io': 'v1',
  'gateway.networking.k8s.io': 'v1',
  'kafka.strimzi.io': 'v1',
  'keda.sh': 'v1alpha1',
  'postgresql.cnpg.io': 'v1',
};

export function servedVersions(objects) {
  return objects.flatMap((object) => {
    const [group, version] = object.apiVersion.split('/');
    return served[group] && served[group] !== version
      ? [`${idOf(object)}: ${object.apiVersion} is no longer served`]
      : [];
  });
}

export function oneNamespace(objects) {
  const [namespace] = ofKind(objects, 'Namespace');
  if (namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted')
    return ['Namespace: it does not enforce restricted pods'];
  return objects
    .filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== namespace.metadata.name)
    .map((object) => `${idOf(object)}: is in the namespace ${object.metadata.namespace}`);
}
