/** One place of the sources: `from` is there exactly once. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

/** A bug: what it is in words, and how it is put in. */
export interface Plant {
  says: string;
  edits: Edit[];
}

export type PlantName = 'dedupe' | 'one-writer' | 'early-acknowledgement' | 'late-ledger' | 'desk-cursor';

const reception = 'libs/channel/src/receiving/reception.ts';
const hubIngest = 'apps/conversation-hub/src/migrations/1795613400001-ingest-threads.ts';
const advance = '  perform bus.advance(of_group, of_topic, of_partition, from_offset, to_offset);\n';

/**
 * Bugs that the torture must find: each takes away one thing that the core's promises stand on. They are put into a
 * copy of the sources that is built apart, never into the product.
 */
export const plants: Record<PlantName, Plant> = {
  dedupe: {
    says: 'a message that comes twice gets another id each time',
    edits: [
      {
        file: 'libs/channel/src/receiving/to-event.ts',
        from: 'id: entryIdOf(channel, account, String(nativeId)),',
        to: 'id: entryIdOf(channel, account, String(nativeId) + Math.random()),',
      },
    ],
  },
  'one-writer': {
    says: 'nothing keeps two processes from writing what they read from one partition at the same time',
    edits: [
      {
        file: 'libs/bus/src/log/migrations/1795305600000-bus-log.ts',
        from: 'and c.partition = of_partition and c.next_offset = from_offset;',
        to: 'and c.partition = of_partition;',
      },
      { file: hubIngest, from: advance, to: '' },
      {
        file: hubIngest,
        from: '  recorded := hub.append(records);\n',
        to: `  recorded := hub.append(records);\n${advance}`,
      },
    ],
  },
  'early-acknowledgement': {
    says: 'a message is acknowledged before it is published',
    edits: [
      {
        file: reception,
        from: 'await bus.publish([outgoing]);',
        to: 'setImmediate(() => void bus.publish([outgoing]).catch(() => undefined));',
      },
      {
        file: reception,
        from: 'const { added } = await publishWithLine(outgoing, lineOf(event));',
        to: `setImmediate(() => void publishWithLine(outgoing, lineOf(event)).catch(() => undefined));
    const added = true;`,
      },
    ],
  },
  'late-ledger': {
    says: 'the ledger says that a message is being sent only after it was',
    edits: [
      {
        file: 'libs/channel/src/sending/sender.ts',
        from: 'const beginning = await this.begins.add(command);',
        to: 'const outcome = await this.attempts.of(command, message);\n    const beginning = await this.begins.add(command);',
      },
      {
        file: 'libs/channel/src/sending/sender.ts',
        from: 'command.attempts += 1;\n    const outcome = await this.attempts.of(command, message);',
        to: 'command.attempts += 1;',
      },
    ],
  },
  'desk-cursor': {
    says: 'a browser that comes back is told from one version too late on',
    edits: [
      {
        file: 'apps/conversation-hub/src/conversations/missed.ts',
        from: 'e.version > b.seen and e.version <= (b.c).version',
        to: 'e.version > b.seen + 1 and e.version <= (b.c).version',
      },
    ],
  },
};
