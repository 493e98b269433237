import { EventEmitter, once } from 'node:events';
import type { ReceiveOutcome } from '@yixian/channel';
import type { ChannelUnderTest } from '@yixian/channel/testing';
import { systemClock } from '@yixian/contracts';
import type { Sink } from '../src/provider.ts';
import { WechatChannel } from '../src/wechat-channel.ts';
import type { BuildBot } from '../src/wechaty/bot.ts';
import { SimulatedWechat } from '../src/wechaty/simulator/simulated-wechat.ts';
import { SimulatorPuppet } from '../src/wechaty/simulator/simulator-puppet.ts';
import { wechatyBots } from '../src/wechaty/wechaty-bot.ts';
import { WechatyProvider } from '../src/wechaty/wechaty-provider.ts';

/** Nobody answers a puppet: what became of a message is seen at the host, or not at all within this, in ms. */
const HEARD_WITHIN = 5_000;

/** Tells what became of each message that a channel hands to its host. */
class Outcomes extends EventEmitter {
  private readonly accepted = new Set<string>();

  watching(sink: Sink): Sink {
    return async (received) => {
      const outcome = await sink(received);
      if (outcome.accepted) this.accepted.add(received.nativeId);
      this.emit(received.nativeId, outcome);
      return outcome;
    };
  }

  async of(nativeId: string): Promise<'acknowledged' | 'again'> {
    if (this.accepted.has(nativeId)) return 'acknowledged';
    const stop = new AbortController();
    const cancel = systemClock.after(HEARD_WITHIN, () => stop.abort());
    try {
      const [outcome] = (await once(this, nativeId, { signal: stop.signal })) as [ReceiveOutcome];
      return outcome.accepted ? 'acknowledged' : 'again';
    } catch {
      return 'again';
    } finally {
      cancel();
    }
  }
}

interface BotWorld {
  build: BuildBot;
  say(message: { id: string; from: string; text: string }): void;
  arrived(address: string): string[];
  close(): Promise<void>;
}

/** A channel whose account is a bot, for the suite. */
export function worldOfBots({ build, say, arrived, close }: BotWorld): ChannelUnderTest<WechatChannel> {
  const outcomes = new WeakMap<WechatChannel, Outcomes>();
  return {
    channel() {
      const mine = new Outcomes();
      const channel = new WechatChannel((account, host) => {
        const provider = new WechatyProvider(account, { host }, build);
        const start = provider.start.bind(provider);
        provider.start = (sink) => start(mine.watching(sink));
        return provider;
      });
      outcomes.set(channel, mine);
      return channel;
    },
    settings: () => ({ provider: 'wechaty' }),
    async write(channel, { account, address, nativeId, text }) {
      const provider = channel.provider(account as never) as WechatyProvider | undefined;
      await provider?.begun;
      if (!provider?.supervisor.online) return 'again';
      const outcome = outcomes.get(channel)!.of(nativeId);
      say({ id: nativeId, from: address, text });
      return outcome;
    },
    arrived,
    close,
  };
}

/** A bot in a simulated WeChat. */
export async function simulatorWorld(): Promise<ChannelUnderTest<WechatChannel>> {
  const wechat = new SimulatedWechat(systemClock);
  return worldOfBots({
    build: wechatyBots(async () => new SimulatorPuppet(wechat)),
    say: (message) => void wechat.say(message),
    arrived: (address) => wechat.saidTo(address).map(({ text }) => text),
    close: async () => undefined,
  });
}
