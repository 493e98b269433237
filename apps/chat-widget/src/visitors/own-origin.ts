import type { Site } from '../site.ts';
import { allowsOrigin } from '../site.ts';

/** How a request reached us. */
export interface Reached {
  headers: Record<string, string | string[] | undefined>;
}

/** Under which origins browsers know us: PUBLIC_URL if there is one, else whatever host the request names. */
export class OwnOrigin {
  constructor(
    private readonly publicUrl: string | undefined,
    readonly trustProxy: number,
  ) {}

  /** `shop.example:3000` */
  host({ headers }: Reached): string {
    const forwarded = this.trustProxy > 0 ? headers['x-forwarded-host'] : undefined;
    const host = this.publicUrl ? new URL(this.publicUrl).host : (forwarded ?? headers.host);
    return Array.isArray(host) ? (host[0] ?? '') : (host ?? '');
  }

  /** Whether `origin` is ours, or a page's that may embed the chat of `site`. */
  admits(origin: string, site: Site, request: Reached): boolean {
    return hostOf(origin) === this.host(request) || allowsOrigin(site, origin);
  }
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined;
