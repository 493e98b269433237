// Writes k8s/components/kafka-strimzi/topics.yaml from libs/contracts.
import { run } from '../typescript.mjs';

await run('tools/k8s-check/write-topics.ts');
