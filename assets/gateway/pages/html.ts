import { html } from "hono/html";

export { html };

/** Escaped HTML, the result of the template tag. */
export type Html = ReturnType<typeof html>;
/** Values in a template; plain text is escaped. */
export type Content = Html | string | number | undefined | false | Content[];
