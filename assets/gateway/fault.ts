export interface Link {
  href: string;
  text: string;
}

export interface FaultPage {
  status: 403 | 404 | 413 | 429 | 500 | 502 | 503 | 504;
  /** What is wrong, as a heading. */
  title: string;
  /** What happened, in a sentence or two. */
  what: string;
  /** What the reader can do about it. */
  remedy: string;
  /** What the other side said; shown to those who have signed in. */
  detail?: string;
  /** What there is instead. */
  instead?: { heading: string; links: Link[] };
  /** Seconds after which another try makes sense. */
  retryAfter?: number;
}

/** Something that is not as it should be, with the page that says so. */
export class Fault extends Error {
  override readonly name = "Fault";
  constructor(
    readonly page: FaultPage,
    options?: ErrorOptions,
  ) {
    super(page.title, options);
  }
}
