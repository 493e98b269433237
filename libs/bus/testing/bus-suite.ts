import { afterAll, beforeAll, describe } from '@jest/globals';
import type { BusHarness, OpenHarness } from './bus-harness.ts';
import { CASE_TIMEOUT } from './bus-harness.ts';
import { contentCases } from './cases/content.ts';
import { cursorCases } from './cases/cursors.ts';
import { failingHandlerCases } from './cases/failing-handlers.ts';
import { memberCases } from './cases/members.ts';
import { orderCases } from './cases/order.ts';
import { outageCases } from './cases/outage.ts';

/** What every bus promises. Call it in a spec with the way to open yours. */
export function busSuite(name: string, open: OpenHarness): void {
  describe(`${name} as a bus`, () => {
    let opened: BusHarness;
    const harness = (): BusHarness => opened;
    beforeAll(async () => {
      opened = await open();
    }, CASE_TIMEOUT);
    afterAll(() => opened.close(), CASE_TIMEOUT);

    describe('order and batches', () => {
      orderCases(harness);
    });
    describe('content', () => {
      contentCases(harness);
    });
    describe('failing handlers', () => {
      failingHandlerCases(harness);
    });
    describe('cursors and transactions', () => {
      cursorCases(harness);
    });
    describe('members', () => {
      memberCases(harness);
    });
    describe('outage', () => {
      outageCases(open);
    });
  });
}
