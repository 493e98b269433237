/** Counts what was asked for and what was found. */
export class Checks {
  passed = 0;
  failed = 0;

  /** Runs one check and prints what came of it. */
  async that(what: string, check: () => unknown): Promise<void> {
    try {
      await check();
      this.passed++;
      console.log(`PASS ${what}`);
    } catch (error) {
      this.failed++;
      console.log(`FAIL ${what}\n     ${(error as Error).message.replaceAll('\n', '\n     ')}`);
    }
  }
}
