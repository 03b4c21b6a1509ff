import { html } from "hono/html";

export { html };

/** Escaped text: what the template tag makes. */
export type Html = ReturnType<typeof html>;
/** What may stand in a template; plain text is escaped. */
export type Content = Html | string | number | undefined | false | Content[];
