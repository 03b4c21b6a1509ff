import { type Cluster, nodePath, type Task } from "../ecs-reader";
import type { Work } from "../work";
import { count, number } from "./format";
import { type Content, type Html, html } from "./html";
import { layout, live } from "./layout";
import { pager, type Slice } from "./pager";
import { status, time } from "./parts";
import { type Column, table } from "./table";

export interface TasksView {
  region: string;
  cluster: Cluster;
  tasks: readonly Task[];
  shown: Slice<Task>;
  /** Task numbers of the workers in the rows by address, if requested. */
  work?: Map<string, Work>;
}

export function tasksPage({ region, cluster, tasks, shown, work }: TasksView): Html {
  const query: Record<string, string> = work ? { work: "1" } : {};
  const body =
    tasks.length === 0
      ? html`<section class="panel"><p class="empty">There are no tasks in the cluster.</p></section>`
      : html`${summary(tasks)}<section class="panel"><header><h2>Tasks</h2>${toggle(tasks, shown, work)}</header>${table(
          {
            caption: `Tasks in ${cluster.name}`,
            columns: columns(cluster, work),
            rows: shown.rows,
          },
        )}${pager(shown, "tasks", query)}</section>`;
  return layout({
    title: cluster.name,
    region,
    crumbs: [{ href: "/", text: "Clusters" }],
    refreshSeconds: 10,
    body: live("tasks", body),
  });
}

const runs = ({ status }: Task) => status === "RUNNING";

const summary = (tasks: readonly Task[]) => {
  const workers = tasks.filter(({ worker }) => worker);
  const fact = (name: string, value: Content) => html`<div><dt>${name}</dt><dd class="big">${value}</dd></div>`;
  return html`<section class="panel" aria-label="Summary"><dl class="facts">${[
    fact("Workers running", `${number(workers.filter(runs).length)} of ${number(workers.length)}`),
    fact("Other tasks", number(tasks.length - workers.length)),
    fact("Starting or stopping", number(tasks.filter((task) => !runs(task)).length)),
  ]}</dl></section>`;
};

const toggle = (tasks: readonly Task[], { page }: Slice<Task>, work?: Map<string, Work>) => {
  if (!tasks.some(({ worker }) => worker)) return undefined;
  const query = new URLSearchParams({ ...(page > 1 ? { page: String(page) } : {}), ...(work ? {} : { work: "1" }) });
  return html`<a href="?${query.toString()}">${work ? "Hide worker load" : "Show worker load"}</a>`;
};

const columns = (cluster: Cluster, work?: Map<string, Work>): Column<Task>[] => [
  { heading: "Started (UTC)", width: "tight", cell: ({ startedAt }) => (startedAt ? time(startedAt) : "Not yet") },
  { heading: "Group", cell: ({ group }) => group },
  { heading: "Status", width: "tight", cell: (task) => status(task.status) },
  { heading: "Task id", cell: ({ id }) => html`<code>${id}</code>` },
  { heading: "Private IPv4", width: "tight", cell: (task) => address(cluster, task) },
  ...(work ? [{ heading: "Work", cell: (task: Task) => doing(task, work) }] : []),
];

const address = (cluster: Cluster, task: Task): Content => {
  if (!task.address) return html`<span class="muted">None yet</span>`;
  if (!task.worker || !runs(task)) return task.address;
  return html`<a href="${nodePath(cluster.name, task.address)}" aria-label="Node ${task.address}">${task.address}</a>`;
};

const doing = ({ address = "" }: Task, all: Map<string, Work>): Content => {
  const work = all.get(address);
  if (!work) return "";
  if ("problem" in work) return html`<span class="error">${work.problem}</span>`;
  return `${number(work.running)} running, ${number(work.completed)} completed, ${count(work.free, "free slot")}`;
};
