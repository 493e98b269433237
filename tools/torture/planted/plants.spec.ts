import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { withPlant } from './with-plant.ts';
import { plants } from './plants.ts';

const root = join(import.meta.dirname, '../../..');

it.each(Object.entries(plants))('%s can be put into the sources as they are', (_, { edits }) => {
  for (const { file } of edits) {
    const source = readFileSync(join(root, file), 'utf8');
    expect(
      withPlant(
        source,
        edits.filter((edit) => edit.file === file),
      ),
    ).not.toBe(source);
  }
});

it('changes the only definition of how a cursor is moved', () => {
  const folder = 'libs/bus/src/log/migrations';
  const defining = readdirSync(join(root, folder)).filter((name) =>
    readFileSync(join(root, folder, name), 'utf8').includes('function bus.advance('),
  );
  const changed = plants['one-writer'].edits.map(({ file }) => file);
  expect(defining.map((name) => `${folder}/${name}`)).toEqual(changed);
});

it('refuses to plant where the place is not to be found, or found twice', () => {
  const edit = { file: 'x.ts', from: 'a', to: 'b' };
  expect(() => withPlant('c', [edit])).toThrow('x.ts');
  expect(() => withPlant('aa', [edit])).toThrow('x.ts');
  expect(withPlant('cac', [edit])).toBe('cbc');
});
