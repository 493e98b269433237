// Oldest code that runs on it: 0.1.0.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Spooled1795620000000 implements MigrationInterface {
  readonly name = 'Spooled1795620000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- How far each partition of the log holds events that should have gone to a partition ('target') of Kafka directly. A
-- row is written with the events, under the lock of their partition.
create table bus.spooled (
  topic text not null references bus.topic,
  target int not null,
  partition int not null,
  until_offset bigint not null,
  primary key (topic, target, partition)
) with (fillfactor = 20);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward.');
  }
}
