import type { PublicSite } from '@yixian/contracts/visitor-socket';

/** Puts the site's colours and theme on the page. */
export function paint({ style, dataset }: HTMLElement, site: PublicSite): void {
  if (site.theme !== 'auto') dataset.theme = site.theme;
  style.setProperty('--brand', site.color);
  style.setProperty('--on-brand', site.inkOnColor);
  style.setProperty('--brand-on-light', site.colorOnLight);
  style.setProperty('--brand-on-dark', site.colorOnDark);
}
