// Kafka of the Strimzi operator.
import { idOf, named, ofKind } from './objects.mjs';

/** Kafka's parts belong together, and an acknowledged event survives the loss of one broker. */
export function kafka(objects) {
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
