import { type NodeInfo, outcomeOf, type WorkerTask } from "../worker-answers";
import { count } from "./format";
import { type Content, type Html, html } from "./html";
import { pager, slice } from "./pager";
import { folded, json, since, status, workerTime } from "./parts";
import { type Column, table } from "./table";

export const runningTasks = ({ running_tasks }: NodeInfo, now: number): Html =>
  section(
    "Running tasks",
    running_tasks,
    "The node has no running tasks.",
    table({
      caption: "Running tasks",
      dense: true,
      rows: running_tasks,
      columns: [
        ...WHAT,
        STARTED,
        { heading: "For", width: "tight", cell: ({ started }) => since(started, now) },
        { heading: "Status", width: "tight", cell: (task) => status(task.status ?? "running") },
        ID,
      ],
    }),
  );

export function completedTasks(
  { recent_completed_tasks }: NodeInfo,
  page: string | undefined,
  keep: Record<string, string>,
): Html {
  const shown = slice(recent_completed_tasks, page);
  return section(
    "Recently completed sub-tasks",
    recent_completed_tasks,
    "The node hasn't completed any tasks since it started.",
    html`${table({
      caption: "Recently completed sub-tasks",
      dense: true,
      rows: shown.rows,
      columns: [
        ...WHAT,
        STARTED,
        { heading: "Finished (UTC)", width: "tight", cell: ({ finished }) => workerTime(finished) },
        { heading: "Status", width: "tight", cell: (task) => status(task.status ?? "complete") },
        { heading: "Results", width: "wide", cell: results },
        ID,
      ],
    })}${pager(shown, "completed sub-tasks", keep)}`,
  );
}

const section = (title: string, tasks: readonly WorkerTask[], none: string, content: Content) =>
  html`<section class="panel"><header><h2>${title}</h2>${tasks.length > 0 && html`<span class="muted">${count(tasks.length, "task")}</span>`}</header>${tasks.length > 0 ? content : html`<p class="empty">${none}</p>`}</section>`;

const WHAT: Column<WorkerTask>[] = [
  { heading: "Model class", cell: ({ model_class }) => model_class },
  { heading: "Method", cell: ({ method }) => html`<code>${method ?? ""}</code>` },
  { heading: "Method kwargs", width: "some", cell: (task) => json(task.method_kwargs, `${task.task_id} kwargs`) },
  {
    heading: "Resolver context",
    width: "some",
    cell: (task) => json(task.resolver_context, `${task.task_id} context`),
  },
];
const STARTED: Column<WorkerTask> = {
  heading: "Started (UTC)",
  width: "tight",
  cell: ({ started }) => workerTime(started),
};
/** The id of a sub-task ends with its reply queue, which is of no interest here. */
const ID: Column<WorkerTask> = {
  heading: "Task id",
  width: "tight",
  cell: ({ task_id }) => html`<code title="${task_id}">${task_id.split("::")[0]}</code>`,
};

function results(task: WorkerTask): Content {
  const outcome = outcomeOf(task.results);
  if (outcome.kind !== "failed") return json(outcome.value, `${task.task_id} results`);
  const { exception, message, traceback } = outcome;
  return html`<p class="error"><strong>${exception}</strong>${message && `: ${message}`}</p>${traceback.length > 0 && folded(`${task.task_id} traceback`, "Traceback", traceback.join("\n"))}`;
}
