import { Outbox } from './outbox.ts';

function storage(kept: Record<string, string> = {}) {
  const keep = (key: string, value: string | null) => {
    if (value === null) delete kept[key];
    else kept[key] = value;
  };
  return { kept, keep };
}
const text = (words: string) => ({ text: words, files: [], shown: [] });

test('a message survives a reload until the server has it, under the same nonce', () => {
  const { kept, keep } = storage();
  const before = new Outbox(kept, keep);
  before.add(text('one'));
  const { nonce } = before.next()!;
  before.mark(nonce, 'sending');

  const after = new Outbox(kept, keep);
  expect(after.next()).toMatchObject({ nonce, text: 'one', state: 'waiting' });
  after.mark(nonce, 'accepted');
  expect(new Outbox(kept, keep).messages).toEqual([]);
});

test('one at a time, in the order they were written', () => {
  const outbox = new Outbox({}, () => {});
  outbox.add(text('one'));
  outbox.add(text('two'));
  const first = outbox.next()!;
  outbox.mark(first.nonce, 'sending');
  expect(outbox.next()).toBeUndefined();
  outbox.rewind();
  expect(outbox.next()!.text).toBe('one');
  outbox.mark(first.nonce, 'accepted');
  expect(outbox.next()!.text).toBe('two');
});

test('tabs do not overwrite what the other keeps', () => {
  const { kept, keep } = storage();
  const [left, right] = [new Outbox(kept, keep), new Outbox(kept, keep)];
  left.add(text('left'));
  right.add(text('right'));
  expect(new Outbox(kept, keep).messages.map((message) => message.text).sort()).toEqual(['left', 'right']);
});

test('a message of another tab is heard once', () => {
  const { kept, keep } = storage();
  new Outbox(kept, keep).add(text('elsewhere'));
  const [[key, value]] = Object.entries(kept) as [[string, string]];
  const here = new Outbox({}, () => {});
  expect(here.hear(key, value)).toBe(true);
  expect(here.hear(key, value)).toBe(true);
  expect(here.hear('draft', 'x')).toBe(false);
  expect(here.messages).toHaveLength(1);
});
