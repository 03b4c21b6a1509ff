export interface Link {
  href: string;
  text: string;
}

export interface FaultPage {
  status: 403 | 404 | 413 | 429 | 500 | 502 | 503 | 504;
  /** Heading: what is wrong. */
  title: string;
  /** What happened, in one or two sentences. */
  what: string;
  /** What the reader can do about it. */
  remedy: string;
  /** Answer of the other side, shown to signed-in users only. */
  detail?: string;
  /** Links to existing pages. */
  instead?: { heading: string; links: Link[] };
  /** Retry-After, seconds. */
  retryAfter?: number;
}

/** Error with the page that explains it. */
export class Fault extends Error {
  override readonly name = "Fault";
  constructor(
    readonly page: FaultPage,
    options?: ErrorOptions,
  ) {
    super(page.title, options);
  }
}
