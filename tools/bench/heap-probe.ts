import type { HeapQuestion } from './retained.ts';
import { retained } from './retained.ts';

// Loaded into the product before its own code: answers its parent what it holds, and is no reason to go on living.
process.on('message', (question: HeapQuestion) => {
  void retained(question).then((bytes) => process.send?.({ bytes }));
});
process.channel?.unref();
