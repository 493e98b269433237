import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@yixian/contracts';
import { parse } from 'yaml';
import { asyncApiDocument } from './document.ts';

const committed = readFileSync(join(import.meta.dirname, '../../docs/asyncapi.yaml'), 'utf8');

it('is what docs/asyncapi.yaml holds (else: npm run asyncapi)', () => {
  expect(committed).toBe(asyncApiDocument());
});

it('names every topic with its settings, and every kind of event', () => {
  const { channels, components } = parse(committed);
  for (const [name, topic] of Object.entries(topics)) {
    expect(channels[name].address).toBe(topic.name);
    expect(channels[name].bindings.kafka.partitions).toBe(topic.partitions);
  }
  expect(Object.values<{ name: string }>(components.messages).map((message) => message.name)).toEqual(
    expect.arrayContaining([
      'message.received',
      'message.send',
      'entry.recorded',
      'typing',
      'account.changed',
    ]),
  );
});
