import { optionsFrom } from './options.ts';

it('takes one name, and numbers within reason', () => {
  expect(optionsFrom(['ingest', '--runs', '3', '--json'])).toEqual({
    name: 'ingest',
    json: true,
    profile: false,
    runs: 3,
    entries: 1_000_000,
  });
});

it.each([[[]], [['nothing']], [['ingest', 'e2e']], [['ingest', '--runs', '0']], [['ingest', '--fast']]])(
  'refuses %j in words',
  (args: string[]) =>
    expect(() => optionsFrom(args)).toThrow(expect.objectContaining({ code: 'wrong_options' })),
);
