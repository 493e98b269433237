// What runs has no more rights than it needs, and says how it is.
import { containersOf, idOf, isOurs, ofKind, podOf, workloadsOf } from './objects.mjs';

export function restrictedPods(objects) {
  return workloadsOf(objects).flatMap((workload) => {
    const faults = [];
    const { securityContext: pod = {}, ...spec } = podOf(workload).spec;
    if (!pod.runAsNonRoot || !(pod.runAsUser > 0) || pod.seccompProfile?.type !== 'RuntimeDefault')
      faults.push('its pods are not restricted');
    if (spec.automountServiceAccountToken !== false) faults.push('its pods get a token of the API');
    if (spec.enableServiceLinks !== false) faults.push('its pods get variables named after services');
    if (spec.hostNetwork || spec.hostPID || spec.volumes?.some(({ hostPath }) => hostPath))
      faults.push('its pods reach into the node');
    for (const container of containersOf(workload)) faults.push(...restrictedContainer(container));
    return faults.map((fault) => `${idOf(workload)}: ${fault}`);
  });
}

function restrictedContainer({ name, image, securityContext: own = {}, ...container }) {
  const faults = [];
  const open = own.allowPrivilegeEscalation !== false || own.privileged || own.runAsUser === 0;
  if (open || !own.capabilities?.drop?.includes('ALL') || own.capabilities.add)
    faults.push(`the container ${name} is not restricted`);
  if (isOurs({ image }) && own.readOnlyRootFilesystem !== true)
    faults.push(`the root of the container ${name} may be written`);
  if (!container.resources?.requests?.memory || !container.resources?.limits?.memory)
    faults.push(`the container ${name} has no request or limit of memory`);
  if (!/(:[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image ?? '') || image.endsWith(':latest'))
    faults.push(`the image ${image} is not pinned`);
  return faults;
}

export function probes(objects) {
  return ofKind(objects, 'Deployment', 'StatefulSet').flatMap((workload) =>
    containersOf(workload).flatMap((container) => {
      const ports = new Set((container.ports ?? []).map(({ name }) => name));
      return ['startupProbe', 'readinessProbe', 'livenessProbe'].flatMap((name) => {
        const probe = container[name];
        if (!probe) return [`${idOf(workload)}: there is no ${name}`];
        const port = probe.httpGet?.port ?? probe.tcpSocket?.port;
        if (typeof port === 'string' && !ports.has(port))
          return [`${idOf(workload)}: ${name} names the port ${port}`];
        if (name === 'livenessProbe' && probe.httpGet?.path === '/readyz')
          return [`${idOf(workload)}: an outage of the database would restart it`];
        return [];
      });
    }),
  );
}
