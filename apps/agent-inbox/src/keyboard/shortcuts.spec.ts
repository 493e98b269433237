import { describe, expect, it } from '@jest/globals';
import { shortcutOf } from './shortcuts.ts';

const press = (key: string, more: object = {}, after?: string) =>
  shortcutOf(
    {
      key,
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      shiftKey: false,
      isComposing: false,
      keyCode: 0,
      target: null,
      defaultPrevented: false,
      ...more,
    },
    after,
  );
const inside = (tagName: string, type?: string) => ({ target: { tagName, type } as unknown as EventTarget });

describe('shortcutOf', () => {
  it('names keys, with Shift only on letters', () => {
    expect(press('j')).toBe('j');
    expect(press('E', { shiftKey: true })).toBe('shift+e');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('k', { metaKey: true })).toBe('mod+k');
    expect(press('End')).toBe('end');
  });

  it('reads a letter after G as one shortcut', () => expect(press('u', {}, 'g')).toBe('g u'));

  it('is never Alt and a letter, which writes @ or ł on many keyboards', () => {
    expect(press('l', { altKey: true })).toBeUndefined();
  });

  it('leaves alone what is typed or composed', () => {
    expect(press('j', inside('TEXTAREA'))).toBeUndefined();
    expect(press('j', inside('INPUT', 'text'))).toBeUndefined();
    expect(press('j', inside('INPUT', 'checkbox'))).toBe('j');
    expect(press('j', { isComposing: true })).toBeUndefined();
    expect(press('Enter', { keyCode: 229 })).toBeUndefined();
    expect(press('k', { ctrlKey: true, ...inside('TEXTAREA') })).toBe('mod+k');
  });

  it('leaves a dialog to itself', () => {
    expect(press('j', { target: { closest: () => ({}) } as unknown as EventTarget })).toBeUndefined();
  });
});
