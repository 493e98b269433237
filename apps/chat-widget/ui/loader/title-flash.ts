/** The page's title, while a notice stands in its place. */
let own = '';
let ticking: ReturnType<typeof setInterval>;

export const pageTitle = (): string => own || document.title;

/** While nobody looks at the tab, its title takes turns with `words`. Empty ends it. */
export function flashTitle(words: string): void {
  clearInterval(ticking);
  restore();
  if (words) ticking = setInterval(() => (own ? restore() : document.hidden && show(words)), 1000);
}

function show(words: string): void {
  own = document.title;
  document.title = words;
}

function restore(): void {
  if (own) document.title = own;
  own = '';
}
