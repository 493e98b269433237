// What no schema can say: rules over all objects of a deployment together. Each gives what it has against them.
import { idOf } from './render.mjs';

const matches = (selector, labels) =>
  Object.entries(selector?.matchLabels ?? selector ?? {}).every(([key, value]) => labels?.[key] === value);
const ofKind = (objects, ...kinds) => objects.filter(({ kind }) => kinds.includes(kind));
const named = (objects, kind, name) => ofKind(objects, kind).find(({ metadata }) => metadata.name === name);
const workloadsOf = (objects) => ofKind(objects, 'Deployment', 'StatefulSet', 'Job');
const podOf = ({ spec }) => spec.template;
const containersOf = (workload) => podOf(workload).spec.containers;
const isOurs = ({ image }) => /(^|\/)yixian[:@]/.test(image ?? '');
const autoscalersOf = (objects) => ofKind(objects, 'HorizontalPodAutoscaler', 'ScaledObject');
const mostReplicas = (objects, { spec, metadata }) => {
  const scaler = autoscalersOf(objects).find((one) => one.spec.scaleTargetRef?.name === metadata.name);
  return scaler ? (scaler.spec.maxReplicas ?? scaler.spec.maxReplicaCount) : (spec.replicas ?? 1);
};

/** The versions that the operators named in k8s/README.md serve; schemas of older ones exist still. */
const served = {
  'external-secrets.io': 'v1',
  'gateway.networking.k8s.io': 'v1',
  'kafka.strimzi.io': 'v1',
  'keda.sh': 'v1alpha1',
  'postgresql.cnpg.io': 'v1',
};

function servedVersions(objects) {
  return objects.flatMap((object) => {
    const [group, version] = object.apiVersion.split('/');
    return served[group] && served[group] !== version
      ? [`${idOf(object)}: ${object.apiVersion} is no longer served`]
      : [];
  });
}

function oneNamespace(objects) {
  const [namespace] = ofKind(objects, 'Namespace');
  if (namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted')
    return ['Namespace: it does not enforce restricted pods'];
  return objects
    .filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== namespace.metadata.name)
    .map((object) => `${idOf(object)}: is in the namespace ${object.metadata.namespace}`);
}

function restrictedPods(objects) {
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

function references(objects) {
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
function secrets(objects) {
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

function settings(objects, { settings: known }) {
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

function probes(objects) {
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

function everyApp(objects, { apps }) {
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
function rolling(objects) {
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

function services(objects) {
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
function routes(objects) {
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

function autoscalers(objects) {
  const all = autoscalersOf(objects);
  return all.flatMap((scaler) => {
    const { name } = scaler.spec.scaleTargetRef;
    const target = named(objects, 'Deployment', name);
    if (!target) return [`${idOf(scaler)}: there is no Deployment/${name}`];
    const faults = [];
    if (all.filter((one) => one.spec.scaleTargetRef.name === name).length > 1)
      faults.push(`Deployment/${name} has two autoscalers`);
    if (target.spec.replicas !== undefined) faults.push(`an apply sets the replicas of ${name} back`);
    return [...faults, ...kafkaTriggers(objects, scaler)].map((fault) => `${idOf(scaler)}: ${fault}`);
  });
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

/** Kafka's parts belong together, and an acknowledged event survives the loss of one broker. */
function kafka(objects) {
  const brokers = ofKind(objects, 'KafkaNodePool')
    .filter(({ spec }) => spec.roles.includes('broker'))
    .reduce((sum, { spec }) => sum + spec.replicas, 0);
  return ofKind(objects, 'KafkaNodePool', 'KafkaTopic').flatMap((part) => {
    const cluster = part.metadata.labels?.['strimzi.io/cluster'];
    if (!named(objects, 'Kafka', cluster)) return [`${idOf(part)}: there is no Kafka ${cluster}`];
    if (part.kind !== 'KafkaTopic') return [];
    const { replicas, config } = part.spec;
    const inSync = config?.['min.insync.replicas'];
    return replicas > brokers || !(inSync >= 2 && inSync < replicas)
      ? [`${idOf(part)}: ${replicas} replicas, ${inSync} in sync, ${brokers} brokers`]
      : [];
  });
}

/** The connections of a process's pool, and those beside it: for LISTEN, and for a migration. */
const POOL = 10;
const BESIDE_POOL = 2;

function connections(objects) {
  const needed = ofKind(objects, 'Deployment')
    .map((workload) => mostReplicas(objects, workload) * (POOL + BESIDE_POOL))
    .reduce((sum, one) => sum + one, 0);
  return ofKind(objects, 'Cluster')
    .filter(({ spec }) => Number(spec.postgresql?.parameters?.max_connections ?? 100) < needed + 20)
    .map((cluster) => `${idOf(cluster)}: the apps may open ${needed} connections`);
}

function migration(objects) {
  const jobs = ofKind(objects, 'Job');
  if (jobs.length !== 1) return [`there are ${jobs.length} migration jobs`];
  return jobs.flatMap((job) => {
    const [{ args, image }] = containersOf(job);
    const faults = [];
    if (args?.join(' ') !== 'dist/apps/standalone/main.js migrate') faults.push('does not migrate every app');
    if (job.metadata.name !== `migrate-${image.split(':').at(-1)}`)
      faults.push('is not named after its release');
    if (!job.spec.ttlSecondsAfterFinished) faults.push('stays for ever');
    const others = ofKind(objects, 'Deployment').filter((one) => containersOf(one)[0].image !== image);
    return [...faults, ...others.map((one) => `is of another release than ${idOf(one)}`)].map(
      (fault) => `${idOf(job)}: ${fault}`,
    );
  });
}

function networkPolicies(objects) {
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

function uniqueNames(objects) {
  const ids = objects.map(idOf);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id}: there are two`);
}

const rules = [
  uniqueNames,
  servedVersions,
  oneNamespace,
  restrictedPods,
  references,
  secrets,
  settings,
  probes,
  everyApp,
  rolling,
  services,
  routes,
  autoscalers,
  kafka,
  connections,
  migration,
  networkPolicies,
];

/** `known`: the `settings` that exist, and the `apps` that can run as services. */
export const ruleFaults = (objects, known) => rules.flatMap((rule) => rule(objects, known));
