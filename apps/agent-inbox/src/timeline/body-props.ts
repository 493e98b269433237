import type { Entry } from '@yixian/contracts';

/** What the body of a message is given. */
export interface BodyProps {
  entry: Entry;
  /** What it is about, when that is not what the message before was about. */
  newSubject: string | undefined;
  /** Whether it is the newest message of its conversation. */
  newest: boolean;
}
