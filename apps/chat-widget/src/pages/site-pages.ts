import type { LoaderSite, VisitorLocale } from '@yixian/contracts';
import { Refused } from '@yixian/service';
import { publicSite } from '../site.ts';
import type { Site } from '../site.ts';
import { encoded } from './ui-files.ts';
import type { Encoded, UiFiles } from './ui-files.ts';

/** What a site's pages load: the loader and the panel with the site's public settings in them. */
export class SitePages {
  private readonly loaders = new WeakMap<Site, Encoded>();

  constructor(private readonly ui: UiFiles | undefined) {}

  /** Throws {@link Refused} `unavailable` where the browser part was not built. */
  get files(): UiFiles {
    if (!this.ui) throw new Refused('unavailable', 'The browser part of the chat is not built.');
    return this.ui;
  }

  /** The one script a site embeds. The loader reads its site from the name that is bound around it. */
  loader(site: Site): Encoded {
    const known = this.loaders.get(site);
    if (known) return known;
    const script = `(__YIXIAN_SITE__=>{${this.files.loader}})(${JSON.stringify(loaderSite(site))})`;
    const made = encoded(script, 'text/javascript; charset=utf-8');
    this.loaders.set(site, made);
    return made;
  }

  /** The panel's page; the site's settings stand in an attribute, since its policy runs no inline script. */
  panel(site: Site, locale: VisitorLocale): string {
    return this.files.panel.replace(
      'lang="zh-CN" data-site="{}"',
      () => `lang="${locale}" data-site="${escaped(JSON.stringify(publicSite(site)))}"`,
    );
  }
}

/** What the loader needs of a site: it is on every page of it, so no byte more. */
function loaderSite(site: Site): LoaderSite {
  const { site: id, title, color, inkOnColor, position, locale, greeting, greetAfter } = publicSite(site);
  return {
    site: id,
    title,
    color,
    inkOnColor,
    position,
    locale,
    ...(greeting && greetAfter && { greeting, greetAfter }),
  };
}

/** Text for an HTML attribute in double quotes. */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
