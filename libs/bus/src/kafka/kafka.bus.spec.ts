import { openKafkaHarness } from '../../testing/kafka-harness.ts';
import { busSuite } from '../../testing/bus-suite.ts';

busSuite('KafkaBus', openKafkaHarness);
