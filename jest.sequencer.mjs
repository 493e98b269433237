import Sequencer from '@jest/test-sequencer';

const LONGEST = [/\/torture\.spec\.ts$/, /\/kafka-outage\.spec\.ts$/];

/** Begins with the suites that last longest, so that the end of a run does not wait for one of them alone. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = LONGEST.findIndex((pattern) => pattern.test(path));
      return found < 0 ? LONGEST.length : found;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
