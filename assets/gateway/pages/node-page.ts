import { type Cluster, clusterPath, type Task } from "../ecs-reader";
import type { FaultPage } from "../fault";
import type { NodeInfo } from "../worker-answers";
import { faultPanel } from "./fault-page";
import { number } from "./format";
import { type Content, type Html, html } from "./html";
import { layout, live } from "./layout";
import { brokerNotice, CONNECTED, type Posted, postedNotice } from "./node-notices";
import { completedTasks, runningTasks } from "./node-tables";
import { json, status, time } from "./parts";
import { type TaskFormView, taskForm } from "./task-form-view";

export interface NodeView {
  region: string;
  cluster: Cluster;
  task: Task;
  /** Answer of the worker, or its fault. */
  node: NodeInfo | { fault: FaultPage };
  now: number;
  /** Page of the completed tasks. */
  page?: string;
  /** Task that was just posted. */
  posted?: Posted;
  /** Form for a new task, if posting is enabled. */
  form?: TaskFormView;
}

export function nodePage({ region, cluster, task, node, now, page, posted, form }: NodeView): Html {
  const known = "fault" in node ? undefined : node;
  const keep: Record<string, string> = posted ? { posted: posted.id } : {};
  return layout({
    title: `Node ${task.address}`,
    region,
    crumbs: [
      { href: "/", text: "Clusters" },
      { href: clusterPath(cluster.name), text: cluster.name },
    ],
    refreshSeconds: 5,
    body: html`${live("state", [
      posted && postedNotice(posted, known),
      known && brokerNotice(known, now),
      "fault" in node ? faultPanel(node.fault, true) : facts(task, node),
    ])}${form && taskForm(form)}${live("work", known && [runningTasks(known, now), completedTasks(known, page, keep)])}`,
  });
}

function facts(task: Task, { node_info }: NodeInfo): Html {
  const { available_processing_capacity: free, max_concurrent_tasks: slots, node_ident, broker, ...more } = node_info;
  const fact = (name: string, value: Content) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const capacity = html`<span class="big">${number(free)} of ${number(slots)}</span> <meter min="0" max="${slots}" value="${free}" aria-label="Free slots">${free} of ${slots}</meter>`;
  return html`<section class="panel" aria-label="Node"><dl class="facts">${[
    fact("Free slots", capacity),
    fact("Node", html`<code>${node_ident}</code>`),
    broker !== undefined && fact("Broker", status(broker === CONNECTED ? "connected" : "no connection")),
    fact("ECS task", html`<code>${task.id}</code>`),
    fact("Group", task.group),
    fact("Started (UTC)", task.startedAt ? time(task.startedAt) : "Not known"),
    Object.entries(more).map(([name, value]) => fact(name, json(value, `node ${name}`))),
  ]}</dl></section>`;
}
