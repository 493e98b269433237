// From a host name to a port of a pod.
import { containersOf, idOf, matches, named, ofKind, podOf } from './objects.mjs';

export function services(objects) {
  const workloads = ofKind(objects, 'Deployment', 'StatefulSet');
  return ofKind(objects, 'Service').flatMap((service) => {
    const targets = workloads.filter((one) => matches(service.spec.selector, podOf(one).metadata.labels));
    if (targets.length !== 1) return [`${idOf(service)}: selects ${targets.length} workloads`];
    const ports = containersOf(targets[0]).flatMap((container) =>
      (container.ports ?? []).map(({ name }) => name),
    );
    return service.spec.ports
      .filter(({ targetPort }) => typeof targetPort === 'string' && !ports.includes(targetPort))
      .map(({ targetPort }) => `${idOf(service)}: there is no port ${targetPort}`);
  });
}

/** From the name that browsers use to the app that believes to have it. */
export function routes(objects) {
  const doors = [
    ...ofKind(objects, 'HTTPRoute').flatMap((route) =>
      route.spec.rules.flatMap(({ backendRefs = [] }) =>
        backendRefs.map(({ name, port }) => ({ route, hosts: route.spec.hostnames, name, port })),
      ),
    ),
    ...ofKind(objects, 'Ingress').flatMap((route) =>
      route.spec.rules.flatMap(({ host, http }) =>
        http.paths.map(({ backend: { service } }) => ({
          route,
          hosts: [host],
          name: service.name,
          port: service.port.number ?? service.port.name,
        })),
      ),
    ),
  ];
  return doors.flatMap(({ route, hosts, name, port }) => {
    const service = named(objects, 'Service', name);
    if (!service) return [`${idOf(route)}: there is no service ${name}`];
    if (!service.spec.ports.some((one) => one.port === port || one.name === port))
      return [`${idOf(route)}: the service ${name} has no port ${port}`];
    const app = named(objects, 'Deployment', name);
    const url = app && containersOf(app)[0].env.find((one) => one.name === 'PUBLIC_URL')?.value;
    return url && hosts.includes(new URL(url).host)
      ? []
      : [`${idOf(route)}: ${name} believes to be at ${url}`];
  });
}
