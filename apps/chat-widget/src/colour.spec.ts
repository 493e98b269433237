import { contrast, inkOn, readableOn } from './colour.ts';

const brands = ['#2f6fed', '#ffd400', '#07c160', '#111111', '#ffffff', '#e4393c', '#7fdbff'];

test('black on white is 21:1', () => expect(contrast('#000000', '#ffffff')).toBeCloseTo(21));

test.each(brands)('text on and of %s can be read in both themes', (brand) => {
  expect(contrast(inkOn(brand), brand)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(readableOn('#ffffff', brand), '#ffffff')).toBeGreaterThanOrEqual(4.5);
  expect(contrast(readableOn('#171c24', brand), '#171c24')).toBeGreaterThanOrEqual(4.5);
});
