import { figureOf, lineOf, median, quantile } from './figures.ts';

it('judges a figure by its own bound or by its ratio to the baseline, by medians', () => {
  const baseline = { name: 'bare', values: [100, 90, 1000] };
  const values = [50, 60, 10];
  expect(figureOf({ name: 'a', unit: 'µs', values, target: { atMost: 50 } })).toMatchObject({
    value: 50,
    min: 10,
    max: 60,
    baseline: null,
    ratio: null,
    holds: true,
  });
  const figure = figureOf({ name: 'a', unit: '/s', values, baseline, target: { ratioAtLeast: 0.7 } });
  expect(figure).toMatchObject({ baseline: 100, ratio: 0.5, target: '≥ 0.7×', holds: false });
  expect(lineOf(figure)).toBe('a: 50 /s (10–60, 3 runs); bare: 100, ratio 0.5; target ≥ 0.7×: MISSED');
});

it('finds medians and quantiles', () => {
  expect(median([3, 1, 2, 10])).toBe(2.5);
  const hundred = Array.from({ length: 100 }, (_, n) => n);
  expect([quantile(hundred, 0.5), quantile(hundred, 0.99)]).toEqual([50, 99]);
});
