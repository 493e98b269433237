export * from './bus.ts';
export * from './delivery/batch-delivery.ts';
export { Cursors } from './delivery/cursors.ts';
export * from './delivery/dead-letters.ts';
export * from './errors.ts';
export * from './log/bus-schema.ts';
export { TopicMismatch } from './log/log-topics.ts';
export * from './open-bus.ts';
export { PostgresBus, type PostgresBusOptions } from './postgres.bus.ts';
