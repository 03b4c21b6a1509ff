import { number } from "./format";
import { type Html, html } from "./html";

export const ROWS = 100;

/** Rows of one page of a long table. */
export interface Slice<Row> {
  rows: Row[];
  page: number;
  pages: number;
  total: number;
}

/** `wanted` is the page in the URL; a page that does not exist becomes the nearest one. */
export function slice<Row>(all: readonly Row[], wanted: string | undefined): Slice<Row> {
  const pages = Math.max(1, Math.ceil(all.length / ROWS));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(wanted)) || 1));
  return { rows: all.slice((page - 1) * ROWS, page * ROWS), page, pages, total: all.length };
}

/** Links to other pages, if there are any; they keep `query`. */
export function pager({ rows, page, pages, total }: Slice<unknown>, what: string, query: Record<string, string> = {}) {
  if (pages < 2) return undefined;
  const from = (page - 1) * ROWS + 1;
  const link = (to: number, text: string): Html | false =>
    to >= 1 &&
    to <= pages &&
    to !== page &&
    html`<a href="?${new URLSearchParams({ ...query, page: String(to) }).toString()}">${text}</a>`;
  return html`<nav class="pager" aria-label="Pages of ${what}"><span class="muted">${number(from)} to ${number(from + rows.length - 1)} of ${number(total)}</span>${[
    page > 2 && link(1, "First"),
    link(page - 1, "Previous"),
    link(page + 1, "Next"),
    page < pages - 1 && link(pages, "Last"),
  ]}</nav>`;
}
