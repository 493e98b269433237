/** One place of the sources: `from` is there exactly once. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

/** A bug: what it is in words, and how it is put in. */
export interface Plant {
  says: string;
  /** What a violation that comes of it says: nothing else that was found is this bug. */
  looksLike: RegExp;
  /** What brings it to light when it is killed again and again, and nothing else is done: a name of `targetsOf`. */
  raids?: 'post1' | 'postgres';
  edits: Edit[];
}

export type PlantName = 'dedupe' | 'one-writer' | 'early-acknowledgement' | 'late-ledger' | 'desk-cursor';

const reception = 'libs/channel/src/receiving/reception.ts';

/**
 * Bugs that the torture must find: each takes away one thing that the core's promises stand on. They are put into a
 * copy of the sources that is built apart, never into the product.
 */
export const plants: Record<PlantName, Plant> = {
  dedupe: {
    says: 'a message that comes twice gets another id each time',
    looksLike: /^doubled: m\d+ is stored \d+ times$/,
    edits: [
      {
        file: 'libs/channel/src/receiving/to-event.ts',
        from: 'id: entryIdOf(channel, account, String(nativeId)),',
        to: 'id: entryIdOf(channel, account, String(nativeId) + Math.random()),',
      },
    ],
  },
  'one-writer': {
    says: 'a cursor is moved on from wherever it stands, by whoever thinks that the partition is theirs',
    looksLike: /^lost: m\d+ was acknowledged and is not stored$/,
    // What a crash of PostgreSQL takes back is noticed by the comparison alone.
    raids: 'postgres',
    edits: [
      {
        file: 'libs/bus/src/log/migrations/1795305600000-bus-log.ts',
        from: 'and c.partition = of_partition and c.next_offset = from_offset;',
        to: 'and c.partition = of_partition;',
      },
    ],
  },
  'early-acknowledgement': {
    says: 'a message is acknowledged before it is published',
    looksLike: /^lost: m\d+ was acknowledged and is not stored$/,
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
    looksLike: /^effect: r\d+ reached the customer \d+ times$/,
    raids: 'post1',
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
    looksLike: /^desk: a\d+ shows seq \d+ after \d+$/,
    edits: [
      {
        file: 'apps/conversation-hub/src/conversations/missed.ts',
        from: 'e.version > b.seen and e.version <= (b.c).version',
        to: 'e.version > b.seen + 1 and e.version <= (b.c).version',
      },
    ],
  },
};
