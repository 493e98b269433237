let notice = '';
let own = '';
let ticking: ReturnType<typeof setInterval>;

/** The page's own title, whatever is shown just now. */
export const pageTitle = (): string => (document.title === notice ? own : document.title);

/** While nobody looks at the tab, its title takes turns with `words`. Empty ends it. */
export function flashTitle(words: string): void {
  clearInterval(ticking);
  restore();
  notice = words;
  if (words) ticking = setInterval(turn, 1000);
}

function turn(): void {
  if (!document.hidden || document.title === notice) return restore();
  own = document.title;
  document.title = notice;
}

function restore(): void {
  if (document.title === notice) document.title = own;
}
