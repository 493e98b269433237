import type { KafkaCluster } from '../kafka/cluster.mjs';
import type { Measured } from './figures.ts';
import type { Options } from './options.ts';

/** What a bench may use of the machine. */
export interface Around {
  /** Of this run alone; deleted at its end. */
  folder: string;
  /** Builds the apps; gives the folder of a copy that nobody else builds into. */
  buildApps: () => string;
  /** Bundles a file of this folder, named without its ending, and gives the path of what Node runs. */
  bundle: (name: string) => Promise<string>;
  /** Fetches and builds what others have made, and gives where it is. Throws in words when that needs Go. */
  installPeers: () => Record<'tinode' | 'tinode-init-db' | 'centrifugo' | 'sources', string>;
  /** A real Kafka; to be given to {@link onEnd}. */
  startKafka: (options: { brokers: 1 | 3 }) => Promise<KafkaCluster>;
  /** What must not outlive the bench. */
  onEnd: (end: () => Promise<void>) => void;
  /** Ends what there is to end, the latest first. */
  endAll: () => Promise<void>;
}

/** Measures, each figure beside its baseline of the same run: processor time first, then rates and waits. */
export type Bench = (options: Options, around: Around) => AsyncIterable<Measured>;
