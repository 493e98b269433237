import { writeFileSync } from 'node:fs';
import { topicResources } from './topics.ts';

writeFileSync('k8s/components/kafka-strimzi/topics.yaml', topicResources());
