// Faults planted one by one into what is deployed: each must be found, else the check is a comfort and no more.
// `node --test tools/k8s-check/faults.test.mjs`
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultsOf } from './deployments.mjs';
import { root } from './known.mjs';
import { render } from './render.mjs';

const rendered = {
  dev: render(join(root, 'k8s/overlays/dev')),
  production: render(join(root, 'k8s/overlays/production')),
  variant: render(join(import.meta.dirname, 'variant')),
};

/** The objects of a deployment, and short ways into them. */
class Planted {
  constructor(deployment) {
    this.objects = structuredClone(rendered[deployment]);
  }

  get(kind, name) {
    const found = this.objects.find((one) => one.kind === kind && (!name || one.metadata.name === name));
    assert.ok(found, `${kind}/${name} is not deployed`);
    return found;
  }

  remove(kind, name) {
    const gone = this.get(kind, name);
    this.objects = this.objects.filter((one) => one !== gone);
  }

  pod(name = 'conversation-hub', kind = 'Deployment') {
    return this.get(kind, name).spec.template.spec;
  }

  container(name, kind) {
    return this.pod(name, kind).containers[0];
  }

  /** Renames a key: a typo. */
  static typo(object, key, wrong) {
    assert.ok(key in object, `${key} is not there`);
    object[wrong] = object[key];
    delete object[key];
  }

  faults() {
    return faultsOf(this.objects);
  }
}

/** [what is wrong, how it is planted, what must be said of it, where (default: production)] */
const schemaPlants = [
  [
    'a typo in a probe',
    (d) => Planted.typo(d.container().readinessProbe, 'periodSeconds', 'periodSecond'),
    /unknown field .*periodSecond$/,
  ],
  [
    'a typo in a security context',
    (d) => Planted.typo(d.container().securityContext, 'readOnlyRootFilesystem', 'readonlyRootFilesystem'),
    /unknown field .*readonlyRootFilesystem$/,
  ],
  [
    'a typo in a selector',
    (d) =>
      Planted.typo(d.get('PodDisruptionBudget', 'chat-widget').spec.selector, 'matchLabels', 'matchLabel'),
    /unknown field .*matchLabel$/,
  ],
  [
    'a typo in the grace',
    (d) => Planted.typo(d.pod(), 'terminationGracePeriodSeconds', 'terminationGracePeriod'),
    /unknown field .*terminationGracePeriod$/,
  ],
  [
    'a typo in the job',
    (d) => Planted.typo(d.get('Job').spec, 'backoffLimit', 'backofLimit'),
    /unknown field .*backofLimit$/,
  ],
  [
    'a port that is a text',
    (d) => (d.container().ports[0].containerPort = '3000'),
    /Deployment\/conversation-hub: .*containerPort/,
  ],
  [
    'a replica count that is a text',
    (d) => (d.get('Deployment', 'chat-widget').spec.replicas = 'two'),
    /Deployment\/chat-widget: .*replicas/,
  ],
  [
    'a service without ports',
    (d) => delete d.get('Service', 'chat-widget').spec.ports[0].port,
    /Service\/chat-widget: .*port/,
  ],
  [
    'a kind that does not exist',
    (d) => (d.get('PodDisruptionBudget', 'chat-widget').apiVersion = 'policy/v2'),
    /there is no policy\/v2/,
  ],
  [
    'partitions that are a text',
    (d) => (d.get('KafkaTopic').spec.partitions = '12'),
    /KafkaTopic\/.*partitions/,
  ],
  [
    'storage where Strimzi no longer reads it',
    (d) => (d.get('Kafka').spec.kafka.storage = { type: 'ephemeral' }),
    /unknown field Kafka\/spec\/kafka\/storage/,
  ],
  [
    'a listener of an unknown type',
    (d) => (d.get('Kafka').spec.kafka.listeners[0].type = 'outernal'),
    /Kafka\/yixian: .*type/,
  ],
  [
    'a database without instances',
    (d) => delete d.get('Cluster').spec.instances,
    /Cluster\/yixian-db: .*instances/,
  ],
  [
    'a typo in a trigger',
    (d) => Planted.typo(d.get('ScaledObject', 'conversation-hub').spec, 'pollingInterval', 'pollInterval'),
    /unknown field .*pollInterval$/,
  ],
  [
    'a typo in a route',
    (d) => Planted.typo(d.get('HTTPRoute', 'chat-widget').spec.rules[0], 'backendRefs', 'backends'),
    /unknown field .*backends$/,
  ],
  [
    'a typo in an external secret',
    (d) => Planted.typo(d.get('ExternalSecret').spec, 'refreshInterval', 'refresh'),
    /unknown field .*refresh$/,
  ],
  [
    'a typo in an ingress',
    (d) => Planted.typo(d.get('Ingress', 'chat-widget').spec, 'tls', 'tsl'),
    /unknown field .*tsl$/,
    'variant',
  ],
];

const rulePlants = [
  [
    'a selector that misses its pods',
    (d) => (d.get('Deployment', 'chat-widget').spec.selector.matchLabels['app.kubernetes.io/name'] = 'chat'),
    /does not find its own pods/,
  ],
  [
    'a privileged container',
    (d) => (d.container().securityContext.privileged = true),
    /app is not restricted/,
  ],
  [
    'a container with a capability',
    (d) => (d.container().securityContext.capabilities.add = ['NET_ADMIN']),
    /app is not restricted/,
  ],
  [
    'a root that may be written',
    (d) => (d.container().securityContext.readOnlyRootFilesystem = false),
    /may be written/,
  ],
  ['a pod that may be root', (d) => delete d.pod().securityContext.runAsUser, /its pods are not restricted/],
  [
    'a pod that mounts the node',
    (d) => d.pod().volumes.push({ name: 'x', hostPath: { path: '/' } }),
    /reach into the node/,
  ],
  ['a token of the API', (d) => delete d.pod().automountServiceAccountToken, /token of the API/],
  ['no limit of memory', (d) => delete d.container().resources.limits, /limit of memory/],
  [
    'an image that moves',
    (d) => (d.container().image = 'registry.example.com/yixian:latest'),
    /is not pinned/,
  ],
  [
    'an image of another release',
    (d) => (d.container().image = 'registry.example.com/yixian:0.0.9'),
    /is of another release/,
  ],
  [
    'a probe of a port that is not there',
    (d) => (d.container().livenessProbe.httpGet.port = 'admin'),
    /livenessProbe names the port admin/,
  ],
  [
    'a liveness that looks at the database',
    (d) => (d.container().livenessProbe.httpGet.path = '/readyz'),
    /outage of the database would restart/,
  ],
  [
    'a budget that blocks the drain',
    (d) => (d.get('PodDisruptionBudget', 'chat-widget').spec.maxUnavailable = 0),
    /may block a drain/,
  ],
  ['no budget', (d) => d.remove('PodDisruptionBudget', 'chat-widget'), /has 0 disruption budgets/],
  [
    'no spreading over zones',
    (d) => d.pod().topologySpreadConstraints.shift(),
    /not spread over topology.kubernetes.io\/zone/,
  ],
  [
    'a roll-out that takes replicas away',
    (d) => (d.get('Deployment', 'chat-widget').spec.strategy.rollingUpdate.maxUnavailable = 1),
    /takes replicas away/,
  ],
  ['no wait before the stop', (d) => delete d.container().lifecycle, /while proxies still send/],
  [
    'a grace that is too short',
    (d) => (d.pod().terminationGracePeriodSeconds = 10),
    /killed before it has stopped/,
  ],
  [
    'a service that migrates by itself',
    (d) => (d.container().env.find(({ name }) => name === 'MIGRATE').value = 'start'),
    /does not wait for the migration/,
  ],
  [
    'a setting that does not exist',
    (d) => d.container().env.push({ name: 'KAFKA_BROKER', value: 'x:9092' }),
    /there is no setting KAFKA_BROKER$/,
  ],
  [
    'a setting that does not exist, for all',
    (d) => (d.get('ConfigMap').data.LOGLEVEL = 'info'),
    /there is no setting LOGLEVEL/,
  ],
  ['a config map that is not there', (d) => d.remove('ConfigMap'), /there is no config map/],
  ['a service account that is not there', (d) => d.remove('ServiceAccount'), /there is no service account/],
  [
    'a claim that is not there',
    (d) => d.remove('PersistentVolumeClaim'),
    /there is no claim attachments/,
    'dev',
  ],
  ['a volume that is not there', (d) => d.pod().volumes.pop(), /there is no volume data/],
  [
    'a secret that nobody makes',
    (d) => d.get('ExternalSecret').spec.data.shift(),
    /nobody makes YIXIAN_SECRET/,
  ],
  [
    'a service that selects nothing',
    (d) => (d.get('Service', 'chat-widget').spec.selector['app.kubernetes.io/name'] = 'chat'),
    /Service\/chat-widget: selects 0/,
  ],
  [
    'a service of a port that is not there',
    (d) => (d.get('Service', 'chat-widget').spec.ports[0].targetPort = 'web'),
    /Service\/chat-widget: there is no port web/,
  ],
  [
    'an app that is not deployed',
    (d) => d.remove('Deployment', 'chat-widget'),
    /there is no Deployment\/chat-widget/,
  ],
  [
    'an app that runs another',
    (d) => (d.container().args = ['dist/apps/chat-widget/main.js']),
    /does not run conversation-hub/,
  ],
  [
    'a route to nowhere',
    (d) => (d.get('HTTPRoute', 'chat-widget').spec.rules[0].backendRefs[0].name = 'chat'),
    /there is no service chat/,
  ],
  [
    'a route to a port that is not there',
    (d) => (d.get('HTTPRoute', 'chat-widget').spec.rules[0].backendRefs[0].port = 8080),
    /has no port 8080/,
  ],
  [
    'a host name that the app does not know',
    (d) => (d.get('HTTPRoute', 'chat-widget').spec.hostnames = ['talk.example.com']),
    /believes to be at https:\/\/chat/,
  ],
  [
    'an ingress whose host the app does not know',
    (d) => (d.get('Ingress', 'chat-widget').spec.rules[0].host = 'talk.example.com'),
    /believes to be at https:\/\/chat/,
    'variant',
  ],
  [
    'an app without an autoscaler or a number',
    (d) => d.remove('ScaledObject', 'wechat-adapter'),
    /nobody says how many replicas/,
  ],
  [
    'two autoscalers of one app',
    (d) => (d.get('ScaledObject', 'chat-widget').spec.scaleTargetRef.name = 'conversation-hub'),
    /has two autoscalers/,
  ],
  [
    'an autoscaler of nothing',
    (d) => (d.get('HorizontalPodAutoscaler', 'chat-widget').spec.scaleTargetRef.name = 'chat'),
    /there is no Deployment\/chat$/,
    'variant',
  ],
  [
    'replicas that an apply sets back',
    (d) => (d.get('Deployment', 'chat-widget').spec.replicas = 2),
    /sets the replicas of chat-widget back/,
  ],
  [
    'more replicas than partitions',
    (d) => (d.get('ScaledObject', 'conversation-hub').spec.maxReplicaCount = 13),
    /more replicas than partitions/,
  ],
  [
    'lag of a topic that is not there',
    (d) => (d.get('ScaledObject', 'conversation-hub').spec.triggers[0].metadata.topic = 'yixian.inbound.v2'),
    /there is no topic yixian.inbound.v2/,
  ],
  [
    'lag of a group that nobody is',
    (d) => (d.get('ScaledObject', 'conversation-hub').spec.triggers[0].metadata.consumerGroup = 'hub'),
    /nobody reads/,
  ],
  [
    'a version that Strimzi no longer serves',
    (d) => (d.get('KafkaTopic').apiVersion = 'kafka.strimzi.io/v1beta2'),
    /no longer served/,
  ],
  [
    'a topic of another cluster',
    (d) => (d.get('KafkaTopic').metadata.labels['strimzi.io/cluster'] = 'main'),
    /there is no Kafka main/,
  ],
  ['a topic with one copy', (d) => (d.get('KafkaTopic').spec.replicas = 1), /1 replicas, 2 in sync/],
  [
    'fewer brokers than copies',
    (d) => (d.get('KafkaNodePool', 'broker').spec.replicas = 2),
    /3 replicas, 2 in sync, 2 brokers/,
  ],
  [
    'a database for fewer connections than the apps open',
    (d) => (d.get('Cluster').spec.postgresql.parameters.max_connections = '100'),
    /may open \d+ connections/,
  ],
  ['no migration job', (d) => d.remove('Job'), /there are 0 migration jobs/],
  [
    'a migration of one app alone',
    (d) => (d.container('migrate-0-1-0', 'Job').args[0] = 'dist/apps/conversation-hub/main.js'),
    /does not migrate every app/,
  ],
  [
    'a job of the release before',
    (d) => (d.get('Job').metadata.name = 'migrate-0-0-9'),
    /not named after its release/,
  ],
  ['no policy that denies', (d) => d.remove('NetworkPolicy', 'deny-all'), /no policy that denies everything/],
  [
    'a policy that lets everybody in',
    (d) => delete d.get('NetworkPolicy', 'into-services').spec.ingress[1].from,
    /lets everybody in/,
  ],
  [
    'a policy for a port that nobody has',
    (d) => (d.get('NetworkPolicy', 'into-services').spec.ingress[1].ports[0].port = 'metrics'),
    /nobody has the port metrics/,
  ],
  ['brokers that no policy reaches', (d) => delete d.get('Kafka').spec.kafka.template, /no pod is .*broker/],
  [
    'an object of another namespace',
    (d) => (d.get('Service', 'chat-widget').metadata.namespace = 'default'),
    /is in the namespace default/,
  ],
  [
    'a namespace that lets everything run',
    (d) => delete d.get('Namespace').metadata.labels,
    /does not enforce restricted pods/,
  ],
  ['two of the same', (d) => d.objects.push(d.get('Service', 'chat-widget')), /there are two/],
];

for (const deployment of Object.keys(rendered)) {
  test(`${deployment} as it is has no fault`, async () => {
    assert.deepEqual(await new Planted(deployment).faults(), []);
  });
}

for (const [name, plant, said, deployment = 'production'] of [...schemaPlants, ...rulePlants]) {
  test(`finds ${name}`, async () => {
    const planted = new Planted(deployment);
    plant(planted);
    const faults = await planted.faults();
    assert.ok(
      faults.some((fault) => said.test(fault)),
      `found instead: ${faults.join('; ') || 'nothing'}`,
    );
  });
}
