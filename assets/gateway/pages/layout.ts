import type { Link } from "../fault";
import { type Content, type Html, html } from "./html";
import { STATIC } from "./static-files";

export interface Page {
  title: string;
  region: string;
  /** Breadcrumbs. */
  crumbs?: Link[];
  /** Content below the heading. */
  body: Content;
  /** Refresh interval, seconds; no refresh when absent. */
  refreshSeconds?: number;
  /** Whether the body has its own heading. */
  ownHeading?: boolean;
}

export const layout = ({ title, region, crumbs = [], body, refreshSeconds, ownHeading }: Page): Html =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} · Fossa gateway</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="${STATIC.icon.path}" type="image/svg+xml">
<link rel="stylesheet" href="${STATIC.style.path}">
${refreshSeconds !== undefined && html`<script src="${STATIC.script.path}" defer></script>`}
</head>
<body>
<header class="bar"><div>
<a class="brand" href="/"><img src="${STATIC.icon.path}" alt="" width="26" height="26">Fossa gateway</a>
<span class="region">${region}</span>
</div></header>
<main>
${!ownHeading && html`<div class="top"><div>${trail(crumbs)}<h1>${title}</h1></div>${refreshSeconds !== undefined && controls(refreshSeconds)}</div>`}
${body}
</main>
</body>
</html>
`;

const trail = (crumbs: Link[]) =>
  crumbs.length > 0 &&
  html`<nav class="crumbs" aria-label="Breadcrumb"><ol>${crumbs.map(({ href, text }) => html`<li><a href="${href}">${text}</a></li>`)}</ol></nav>`;

/** Refresh controls; without the script only the link works. */
const controls = (seconds: number) =>
  html`<div class="refresh" data-refresh-seconds="${seconds}"><span data-says></span><button class="plain" type="button" hidden>Pause</button><a href="">Refresh now</a></div>`;

/** Part of the page that the script refreshes. */
export const live = (id: string, content: Content): Html => html`<div id="${id}" data-live>${content}</div>`;
