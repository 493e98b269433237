/**
 * The configuration of one broker that is also a controller (KRaft), as the text of `server.properties`.
 * Small, for tests and laptops: no delay before a group's first join, few internal partitions.
 */
export function brokerProperties({ id, brokers, folder, sessionTimeoutMs }) {
  const self = brokers.find((broker) => broker.id === id);
  const replicas = brokers.length;
  const inSync = replicas > 1 ? 2 : 1;
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': brokers.map((b) => `${b.id}@127.0.0.1:${b.controllerPort}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: `PLAINTEXT://127.0.0.1:${self.port},CONTROLLER://127.0.0.1:${self.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${self.port}`,
    'log.dirs': folder,
    'auto.create.topics.enable': false,
    'delete.topic.enable': true,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'broker.session.timeout.ms': sessionTimeoutMs,
    'broker.heartbeat.interval.ms': Math.min(2000, Math.floor(sessionTimeoutMs / 4)),
    // A broker that came back leads again soon: Kafka's own 5 minutes are too long for a laptop and for tests.
    'leader.imbalance.check.interval.seconds': 5,
    'leader.imbalance.per.broker.percentage': 1,
    'num.network.threads': 2,
    'num.io.threads': 4,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
