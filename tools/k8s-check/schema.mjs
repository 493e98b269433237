import { idOf } from './render.mjs';

/** Where the models of a custom resource come from, by its group. */
const packages = {
  'external-secrets.io': '@kubernetes-models/external-secrets/',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api/',
  'kafka.strimzi.io': '@kubernetes-models/strimzi-kafka-operator/',
  'keda.sh': '@kubernetes-models/keda/',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg/',
};
/** What an operator takes whatever keys it has, so that no key below can be unknown. */
const openMaps = [
  /^Kafka\/spec\/kafka\/config$/,
  /^KafkaTopic\/spec\/config$/,
  /^KafkaNodePool\/spec\/jvmOptions$/,
];

/** What the schema of its kind has against an object: what is missing, of a wrong type, or unknown. */
export async function schemaFaults(object) {
  const Model = await modelOf(object);
  if (!Model) return [`${idOf(object)}: there is no ${object.apiVersion} ${object.kind}`];
  const seen = new Set();
  const faults = [];
  try {
    // On what tells which keys were read; the constructor would copy them all.
    Model.prototype.validate.call(watched(object, object.kind, seen));
  } catch (error) {
    faults.push(`${idOf(object)}: ${error.message}`);
  }
  const unread = unknownKeys(object, object.kind, seen);
  return [...faults, ...unread.map((path) => `${idOf(object)}: unknown field ${path}`)];
}

async function modelOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const path = [group, version, kind].filter(Boolean).join('/');
  try {
    return (await import(`${packages[group] ?? 'kubernetes-models/'}${path}`))[kind];
  } catch (error) {
    if (/^ERR_(MODULE_NOT_FOUND|PACKAGE_PATH_NOT_EXPORTED|UNSUPPORTED_DIR_IMPORT)$/.test(error.code))
      return undefined;
    throw error;
  }
}

/** The validators read what they know: a key that nobody reads is none of the schema. */
function watched(value, path, seen) {
  if (value === null || typeof value !== 'object') return value;
  return new Proxy(value, {
    get(target, key) {
      if (typeof key !== 'string') return target[key];
      seen.add(`${path}/${key}`);
      return Object.hasOwn(target, key) ? watched(target[key], `${path}/${key}`, seen) : target[key];
    },
    ownKeys(target) {
      for (const key of Object.keys(target)) seen.add(`${path}/${key}`);
      return Reflect.ownKeys(target);
    },
  });
}

function unknownKeys(value, path, seen) {
  if (value === null || typeof value !== 'object' || openMaps.some((open) => open.test(path))) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const here = `${path}/${key}`;
    return seen.has(here) ? unknownKeys(below, here, seen) : [here];
  });
}
