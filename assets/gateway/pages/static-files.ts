import { createHash } from "node:crypto";
import { REFRESH_SCRIPT } from "./refresh-script";
import { STYLE } from "./style";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0a5fb4"/><g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"><path d="M16 16 8.5 9M16 16l7.5-7M16 16l-7.5 7M16 16l7.5 7"/></g><g fill="#fff"><circle cx="16" cy="16" r="4.2"/><circle cx="8.5" cy="9" r="2.8"/><circle cx="23.5" cy="9" r="2.8"/><circle cx="8.5" cy="23" r="2.8"/><circle cx="23.5" cy="23" r="2.8"/></g></svg>`;

export interface StaticFile {
  path: string;
  type: string;
  text: string;
}

/** The digest in the name lets browsers cache a file forever. */
const file = (name: string, extension: string, type: string, text: string): StaticFile => ({
  path: `/${name}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.${extension}`,
  type,
  text,
});

/** Static files of all pages. They are public, since the sign-in page needs them too. */
export const STATIC = {
  style: file("style", "css", "text/css; charset=utf-8", STYLE),
  script: file("refresh", "js", "text/javascript; charset=utf-8", REFRESH_SCRIPT),
  icon: file("icon", "svg", "image/svg+xml", ICON),
};
