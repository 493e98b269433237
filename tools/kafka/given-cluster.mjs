/** Brokers that somebody else runs, named by `KAFKA_BROKERS`. They can be used, not harmed. */
export class GivenCluster {
  constructor(brokers) {
    this.brokers = brokers;
  }

  async status() {
    return this.brokers.map((broker, i) => ({ id: i + 1, broker, given: true }));
  }

  async down() {}

  kill = refuse;
  stop = refuse;
  start = refuse;
  freeze = refuse;
  thaw = refuse;
}

async function refuse() {
  throw new Error(
    'These brokers are given by KAFKA_BROKERS: faults are only for brokers that were started here.',
  );
}
