import { expect, test } from '@jest/globals';
import { newId } from '@yixian/contracts';
import type { AccountId, Address } from '@yixian/contracts';
import { keepsTranscript } from '../../src/abilities.ts';
import type { Channel, KeepsTranscript, TranscriptLine } from '../../src/channel.ts';
import { eventually } from '@yixian/contracts/testing';
import type { Process, Stage } from '../stage.ts';
import { ACCOUNT } from '../stage.ts';

/** What goes for channels whose customers read back what was said. */
export function transcriptCases<C extends Channel>(stage: () => Stage<C>): void {
  /** Reads the transcript, as a customer's browser does when it comes, and writes down what the channel is told on. */
  const listenTo = async (process: Process<C>, address: string): Promise<TranscriptLine[]> => {
    await process.host.transcript.read(ACCOUNT, address as Address, { limit: 1 });
    const lines: TranscriptLine[] = [];
    const channel: Channel & Partial<KeepsTranscript> = process.channel;
    const real = channel.onTranscript!.bind(channel);
    channel.onTranscript = (account: AccountId, to: Address, told: TranscriptLine[]) => {
      if (to === address) lines.push(...told);
      real(account, to, told);
    };
    return lines;
  };
  const shown = (lines: TranscriptLine[]) =>
    lines.map(({ position, from, text }) => `${position} ${from}: ${text}`);

  test('keeps one transcript per customer, dense and in order, and tells every process of it', async () => {
    if (!keepsTranscript(stage().world.channel())) return;
    const [one, two] = [await stage().start(), await stage().start()];
    const [toldOne, toldTwo] = [await listenTo(one, 'sue'), await listenTo(two, 'sue')];
    const say = (to: Process<C>, text: string) =>
      stage().world.write(to.channel, { account: ACCOUNT, address: 'sue', nativeId: `sue-${text}`, text });
    await say(one, 'hello');
    await say(two, 'anybody?');
    await say(one, 'hello');
    const [answer] = await stage().send({ address: 'sue', text: 'yes' });
    await eventually(() => expect(stage().receipts(answer!)).toHaveLength(1));
    await say(two, 'good');
    const expected = ['1 customer: hello', '2 customer: anybody?', '3 agent: yes', '4 customer: good'];
    const address = 'sue' as Address;
    expect(shown(await one.host.transcript.read(ACCOUNT, address, { limit: 10 }))).toEqual(expected);
    expect(shown(await two.host.transcript.read(ACCOUNT, address, { limit: 2 }))).toEqual(expected.slice(2));
    expect(
      shown(await two.host.transcript.read(ACCOUNT, address, { after: 1, before: 4, limit: 9 })),
    ).toEqual(expected.slice(1, 3));
    await eventually(() => expect([shown(toldOne), shown(toldTwo)]).toEqual([expected, expected]));
    await one.stop();
    await two.stop();
  });

  test('gives each of many lines at once a place of its own', async () => {
    if (!keepsTranscript(stage().world.channel())) return;
    const processes = [await stage().start(), await stage().start()];
    const told = await Promise.all(processes.map((process) => listenTo(process, 'tom')));
    const outcomes = await Promise.all(
      Array.from({ length: 80 }, (_, n) =>
        processes[n % 2]!.host.receive({
          account: ACCOUNT,
          address: 'tom' as Address,
          nativeId: newId(),
          occurredAt: n,
          sender: { claims: [] },
          text: `t${n}`,
          attachments: [],
        }),
      ),
    );
    expect(outcomes.every(({ accepted }) => accepted)).toBe(true);
    const positions = Array.from({ length: 80 }, (_, n) => n + 1);
    await eventually(() => {
      for (const lines of told) expect(lines.map(({ position }) => position)).toEqual(positions);
    });
    for (const process of processes) await process.stop();
  });
}
