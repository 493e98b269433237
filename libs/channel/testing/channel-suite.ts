import { afterAll, afterEach, beforeAll, describe, jest } from '@jest/globals';
import type { Channel } from '../src/channel.ts';
import { receivingCases } from './cases/receiving.ts';
import { sendingCases } from './cases/sending.ts';
import { transcriptCases } from './cases/transcript.ts';
import type { ChannelUnderTest } from './channel-under-test.ts';
import { Stage } from './stage.ts';

/** Some cases wait for the leases of a killed process to run out. */
const CASE_TIMEOUT = 90_000;

/**
 * What every channel must pass: duplicates, crashes around receiving and sending, a bus that is away, poison, oversize,
 * changing accounts, order, a graceful drain. Runs on real PostgreSQL, with processes that are killed.
 */
export function channelSuite<C extends Channel>(
  name: string,
  setUp: () => Promise<ChannelUnderTest<C>>,
): void {
  describe(`${name} as a channel`, () => {
    jest.setTimeout(CASE_TIMEOUT);
    let stage: Stage<C>;
    beforeAll(async () => {
      stage = await Stage.open(await setUp());
    });
    afterEach(() => stage.stopAll());
    afterAll(() => stage?.close());

    describe('receiving', () => {
      receivingCases(() => stage);
    });
    describe('sending', () => {
      sendingCases(() => stage);
    });
    describe('its transcript', () => {
      transcriptCases(() => stage);
    });
  });
}
