import type { NodeInfo, WorkerTask } from "../worker-answers";
import { type Html, html } from "./html";
import { since } from "./parts";

export interface Posted {
  id: string;
}

/** After this time a running task is worth a notice. */
const LONG_MS = 120_000;
/** State of an established connection. */
export const CONNECTED = "connected";

/** State of a task that was posted from the page. */
export function postedNotice({ id }: Posted, node: NodeInfo | undefined): Html {
  const find = (tasks: readonly WorkerTask[] = []) => tasks.find(({ task_id }) => task_id === id);
  const done = find(node?.recent_completed_tasks);
  const failed = done?.status === "failed";
  const state = done
    ? failed
      ? "It failed; the error is below, in the completed tasks."
      : "It is complete; the result is below."
    : find(node?.running_tasks)
      ? "It is running."
      : "The worker has not listed it yet.";
  return html`<div class="notice ${failed ? "bad" : "good"}" role="status"><p><strong>Task <code>${id}</code> was posted.</strong> ${state}</p></div>`;
}

/**
 * Notice about the message broker. Fossa accepts tasks while the broker is down and shows them as running forever. This
 * project's image reports its connection. With other images, a long-running task is the only sign, unless it came through
 * the broker: its id then contains the reply queue.
 */
export function brokerNotice({ node_info, running_tasks }: NodeInfo, now: number): Html | undefined {
  if (node_info.broker === CONNECTED) return undefined;
  if (node_info.broker !== undefined)
    return html`<div class="notice wait" role="status"><p><strong>This node has no connection to the message broker.</strong> It accepts tasks, but tasks with sub-tasks wait for the connection.</p><p>The node reports: ${node_info.broker}. Check that the broker runs; the node reconnects automatically.</p></div>`;
  const waiting = running_tasks.filter(
    ({ task_id, started }) => !task_id.includes("::") && now - Date.parse(started ?? "") > LONG_MS,
  );
  const longest = waiting.map(({ started }) => started).sort((a, b) => Date.parse(a ?? "") - Date.parse(b ?? ""))[0];
  if (!longest) return undefined;
  return html`<div class="notice wait" role="status"><p><strong>A task has been running for ${since(longest, now)}.</strong> If it has sub-tasks and none of them appears on any node, the message broker may be down: workers then accept tasks and wait.</p><p>Check that the broker's task runs in this cluster, and look for “Waiting to connect to RabbitMQ” in the worker's log.</p></div>`;
}
