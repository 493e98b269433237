import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload, Transport } from '@nestjs/microservices';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Heard, Told } from './told.ts';

let hear: (told: Told) => void = () => {};

/** The handler of a tutorial: what it cannot take, it throws at. */
@Controller()
class TextbookHandler {
  @EventPattern('bench.poison.v1')
  take(@Payload() told: Told): void {
    if (told.poison) throw new Error('poison');
    hear(told);
  }
}

@Module({ controllers: [TextbookHandler] })
class TextbookModule {}

/** Nest's own Kafka transport on a topic of four partitions. */
export async function textbook(
  brokers: string[],
  onHeard: Heard,
): Promise<{
  say(told: Told): Promise<void>;
  end(): Promise<void>;
}> {
  hear = onHeard;
  const kafka = new Kafka({ brokers, clientId: 'textbook', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic: 'bench.poison.v1', numPartitions: 4 }],
    waitForLeaders: true,
  });
  await admin.disconnect();
  const client = { brokers, clientId: 'textbook', logLevel: logLevel.NOTHING };
  const options = { client, consumer: { groupId: 'textbook' }, subscribe: { fromBeginning: true } };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(TextbookModule, {
    transport: Transport.KAFKA,
    options,
    logger: false,
  });
  await app.listen();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    async say(told) {
      const message = { partition: told.partition, value: JSON.stringify(told) };
      await producer.send({ topic: 'bench.poison.v1', messages: [message] });
    },
    async end() {
      await producer.disconnect();
      await app.close();
    },
  };
}
