import type { Payload } from '@yixian/contracts';
import type { Channel } from '../src/channel.ts';

/** What a customer writes, as the channel's own protocol knows it. */
export interface Written {
  account: string;
  address: string;
  /** The channel's own id of the message: the same one, the same message. */
  nativeId: string;
  text: string;
}

/** A channel, and its outside world, as a test needs them. One outside world; channels come and go as processes do. */
export interface ChannelUnderTest<C extends Channel = Channel> {
  /** A new instance, as a new process makes it. The suite starts it in a host of its own. */
  channel(): C;
  /** The address of the customer of this name, on channels whose addresses have a form; by default the name. */
  addressOf?(name: string): string;
  /** Settings of an account that works. */
  settings(): Payload;
  /**
   * The customer writes, to the given running instance. Tells what the channel told upstream: `acknowledged`, or
   * `again` when it was told to come again, got no answer, or could not connect.
   */
  write(to: C, message: Written): Promise<'acknowledged' | 'again'>;
  /**
   * The texts that reached a customer by sends, in their order. Only for channels that are not `repeatable`, whose
   * messages arrive by `send` and not by the transcript.
   */
  arrived?(address: string): string[];
  /** Something comes in that the channel cannot parse, if that can happen. */
  writeNonsense?(to: C, bytes: string): Promise<'acknowledged' | 'again'>;
  close(): Promise<void>;
}
