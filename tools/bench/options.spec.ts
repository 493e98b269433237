import { benchNames, optionsFrom } from './options.ts';

it('takes names, and numbers within reason', () => {
  expect(optionsFrom(['ingest', 'e2e', '--runs', '3', '--json', '--kafka'])).toEqual({
    names: ['ingest', 'e2e'],
    json: true,
    kafka: true,
    short: false,
    profile: false,
    runs: 3,
    entries: 1_000_000,
  });
});

it('measures everything unless told what, and little when it is to be short', () => {
  expect(optionsFrom([])).toMatchObject({ names: benchNames, runs: 5 });
  expect(optionsFrom(['--short'])).toMatchObject({ names: benchNames, runs: 1, entries: 20_000 });
});

it.each([[['nothing']], [['ingest', 'everything']], [['ingest', '--runs', '0']], [['ingest', '--fast']]])(
  'refuses %j in words',
  (args: string[]) =>
    expect(() => optionsFrom(args)).toThrow(expect.objectContaining({ code: 'wrong_options' })),
);
