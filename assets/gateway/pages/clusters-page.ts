import { type Cluster, clusterPath } from "../ecs-reader";
import { type Html, html } from "./html";
import { layout, live } from "./layout";

export const clustersPage = (region: string, clusters: readonly Cluster[]): Html =>
  layout({
    title: "Available clusters",
    region,
    refreshSeconds: 30,
    body: live(
      "clusters",
      html`<section class="panel">${clusters.length > 0 ? list(clusters) : none(region)}</section>`,
    ),
  });

const list = (clusters: readonly Cluster[]) =>
  html`<ul class="choices">${clusters.map(
    ({ name, arn }) =>
      html`<li><a href="${clusterPath(name)}"><strong>${name}</strong><span class="mono">${arn}</span></a></li>`,
  )}</ul>`;

const none = (region: string) =>
  html`<p class="empty">There are no ECS clusters in ${region} yet. The cluster of the workers appears here once its stack is deployed.</p>`;
