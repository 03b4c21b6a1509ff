import type { FaultPage } from "../fault";
import { type Html, html } from "./html";
import { layout } from "./layout";

/** Page of a fault; `signedIn` users also see the answer of the other side. */
export const faultPage = (region: string, fault: FaultPage, signedIn: boolean): Html =>
  layout({
    title: fault.title,
    region,
    ownHeading: true,
    body: html`${faultPanel(fault, signedIn, "h1")}${instead(fault)}${signedIn && !fault.instead && html`<p><a href="/">Available clusters</a></p>`}`,
  });

export const faultPanel = (fault: FaultPage, signedIn: boolean, level: "h1" | "h2" = "h2"): Html =>
  html`<section class="panel fault ${fault.status < 500 ? "calm" : ""}"><small>Status ${fault.status}</small>${level === "h1" ? html`<h1>${fault.title}</h1>` : html`<h2>${fault.title}</h2>`}<p>${fault.what}</p><p>${fault.remedy}</p>${
    signedIn &&
    fault.detail &&
    html`<details open data-key="fault"><summary>Details</summary><pre tabindex="0">${fault.detail}</pre></details>`
  }</section>`;

const instead = ({ instead: other }: FaultPage) =>
  other &&
  other.links.length > 0 &&
  html`<section class="panel"><header><h2>${other.heading}</h2></header><ul class="choices">${other.links.map(({ href, text }) => html`<li><a href="${href}"><strong>${text}</strong></a></li>`)}</ul></section>`;

/** Page for missing or wrong credentials. */
export const signInPage = (region: string): Html =>
  layout({
    title: "Please sign in",
    region,
    ownHeading: true,
    body: html`<section class="panel fault calm"><small>Status 401</small><h1>Please sign in</h1><p>The user is <strong>fossa</strong>; the password is in the gateway's secret in Secrets Manager.</p><p><a href="">Try again</a></p></section>`,
  });
