import { TestClock } from '@yixian/contracts/testing';
import type { Kafka } from 'kafkajs';
import { pino } from 'pino';
import { KafkaProducer } from './kafka-producer.ts';

const never = new Promise<never>(() => {});
const nothing = async () => undefined;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A cluster of one broker. Of its clients, those numbered in `dumb` connect and are never heard of again. */
function aCluster(dumb: { asking?: number[]; sending?: number[] }) {
  const stored: string[] = [];
  let clients = { asking: 0, sending: 0 };
  const answer = <T>(what: 'asking' | 'sending', number: number, give: () => T): Promise<T> =>
    dumb[what]?.includes(number) ? never : Promise.resolve(give());
  const metadata = { topics: [{ partitions: [{ partitionId: 0, leader: 1 }] }] };
  const newClient = () => ({
    admin() {
      const number = ++clients.asking;
      return {
        connect: nothing,
        disconnect: nothing,
        fetchTopicMetadata: () => answer('asking', number, () => metadata),
      };
    },
    producer() {
      const number = ++clients.sending;
      const sendBatch = ({
        topicMessages: [batch],
      }: {
        topicMessages: { messages: { value: string }[] }[];
      }) =>
        answer('sending', number, () => {
          stored.push(...batch!.messages.map(({ value }) => value));
          return [{ topicName: 't', partition: 0, errorCode: 0 }];
        });
      return { connect: nothing, disconnect: nothing, sendBatch };
    },
  });
  return { stored, newClient: newClient as unknown as () => Kafka };
}

const record = { topic: 't', partition: 0, key: 'k', headers: {}, value: 'x' };

test.each([
  ['a request', { sending: [1] }],
  ['the question who leads', { asking: [1] }],
  ['either', { asking: [1, 2], sending: [1] }],
])('%s that is never settled does not hold its broker up for ever', async (_, dumb) => {
  const clock = new TestClock();
  const { stored, newClient } = aCluster(dumb);
  const options = { clock, log: pino({ level: 'silent' }), requestTimeoutMs: 3000, patienceMs: 1500 };
  const sender = new KafkaProducer({ ...options, newClient, onOverdue: () => {} });
  let sent = false;
  void sender.send([record], { withdrawable: false }).then(() => (sent = true));
  for (let seconds = 0; seconds < 40 && !sent; seconds += 0.25) {
    clock.advance(250);
    for (let turns = 0; turns < 5; turns++) await turn();
  }
  expect(stored).toEqual(['x']);
  await sender.close();
});
