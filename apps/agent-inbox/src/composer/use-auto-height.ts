import { useLayoutEffect } from 'react';

/** As high as its text, within the bounds of the style sheet. */
export function useAutoHeight(input: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [input, text]);
}
