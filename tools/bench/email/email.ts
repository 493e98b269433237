import { systemClock } from '@yixian/contracts';
import { testServer } from '@yixian/database/testing';
import { simpleParser } from 'mailparser';
import { parseMail } from '../../../apps/email-adapter/src/parsing/parse-mail.ts';
import type { Around } from '../bench.ts';
import type { Measured } from '../figures.ts';
import type { Options } from '../options.ts';
import { watchTime } from '../processor-time.ts';
import { profiled } from '../profile.ts';
import { bring } from './bare-sender.ts';
import { aMail } from './mails.ts';
import { OurReceiver } from './our-receiver.ts';

/** Mails of a run, and the connections that bring them. */
const MAILS = 1_000;
const CONNECTIONS = 5;

interface Run {
  /** Mails per second. */
  rate: number;
  /** Milliseconds of processor time per mail. */
  node: number;
  postgres: number;
  /** The same mails read and nothing else, by us and by mailparser. */
  parse: number;
  mailparser: number;
}

/** A thousand mails of 5 KB by SMTP → durable on the bus, 250 said; beside mailparser, which only reads them. */
export async function* benchEmail(options: Options, { onEnd }: Around): AsyncIterable<Measured> {
  const server = await testServer();
  onEnd(() => server.remove());
  const receiver = await OurReceiver.open(server);
  onEnd(() => receiver.close());
  await receive(receiver, mailsFrom(0).slice(0, 200));
  const runs: Run[] = [];
  for (let round = 1; round <= options.runs; round++) {
    const mails = mailsFrom(round * MAILS);
    const measure = () => measured(receiver, mails, server.pid);
    const isLast = options.profile && round === options.runs;
    runs.push(await (isLast ? profiled('email', measure) : measure()));
  }
  const lost = 200 + options.runs * MAILS - (await receiver.stored());
  yield* figures(runs, lost);
}

function* figures(runs: Run[], lost: number): Iterable<Measured> {
  const of = (value: (run: Run) => number) => runs.map(value);
  const bare = { name: 'bare mailparser', values: of(({ mailparser }) => mailparser) };
  yield { name: 'email: mails lost', unit: 'mails', values: [lost], target: { atMost: 0 } };
  yield { name: 'email: mails per second, stored', unit: '/s', values: of(({ rate }) => rate) };
  yield {
    name: 'email: processor time, Node and PostgreSQL',
    unit: 'ms/mail',
    values: of(({ node, postgres }) => node + postgres),
    baseline: bare,
  };
  yield {
    name: 'email: processor time, Node',
    unit: 'ms/mail',
    values: of(({ node }) => node),
    baseline: bare,
  };
  yield {
    name: 'email: processor time, PostgreSQL',
    unit: 'ms/mail',
    values: of(({ postgres }) => postgres),
  };
  yield {
    name: 'email: processor time, reading alone',
    unit: 'ms/mail',
    values: of(({ parse }) => parse),
    baseline: bare,
  };
}

const mailsFrom = (first: number): string[] => Array.from({ length: MAILS }, (_, n) => aMail(first + n));

async function receive(receiver: OurReceiver, mails: string[]): Promise<void> {
  const lanes = Array.from({ length: CONNECTIONS }, (_, lane) =>
    mails.filter((__, n) => n % CONNECTIONS === lane),
  );
  await Promise.all(lanes.map((lane) => bring(receiver.port, lane)));
}

async function measured(receiver: OurReceiver, mails: string[], postgres: number): Promise<Run> {
  const used = watchTime(postgres);
  const from = systemClock.monotonic();
  const node = await processorMs(() => receive(receiver, mails));
  const seconds = (systemClock.monotonic() - from) / 1000;
  const raws = mails.map((mail) => Buffer.from(mail));
  return {
    rate: mails.length / seconds,
    node: node / mails.length,
    postgres: used()[0]! / 1000 / mails.length,
    parse: (await processorMs(async () => raws.forEach((raw) => parseMail(raw)))) / mails.length,
    mailparser: (await processorMs(() => readAll(raws))) / mails.length,
  };
}

async function readAll(raws: Buffer[]): Promise<void> {
  for (const raw of raws) await simpleParser(raw);
}

async function processorMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
