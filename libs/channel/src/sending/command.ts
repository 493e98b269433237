import { customerKey } from '@yixian/contracts';
import type { OutboundCommand } from '@yixian/contracts';

/** A command on its way to the channel, as it is held in memory while it waits or runs. */
export interface Command {
  id: string;
  partition: number;
  position: number;
  attempts: number;
  /** When it was taken off the bus, ms since 1970. */
  takenAt: number;
  /** How long it still has to wait, counted from when it was read. */
  dueInMs: number;
  data: OutboundCommand;
}

/** Commands of one customer are performed one after the other. */
export const laneKey = (command: Command): string => customerKey(command.data);
