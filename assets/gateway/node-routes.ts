import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type Cluster, clusterPath, type EcsReader, nodePath, type Task } from "./ecs-reader";
import type { App, GatewayEnv } from "./env";
import { Fault, type FaultPage } from "./fault";
import { type FormTokens, fromOwnPage } from "./form-guard";
import type { Log } from "./log";
import { type NodeView, nodePage } from "./pages/node-page";
import type { TaskFormView } from "./pages/task-form-view";
import { checkForm, EMPTY_FORM, type TaskFormValues } from "./task-form";
import type { WorkerClient } from "./worker-client";
import { WorkerRefusal } from "./worker-fault";

const PATH = "/clusters/:name/nodes/:ip";
const REFUSED = "The task was not accepted";
const LARGEST_FORM = 64 * 1024;

export interface NodeRoutes {
  region: string;
  reader: EcsReader;
  worker: Pick<WorkerClient, "nodeInfo" | "post">;
  log: Log;
  now: () => number;
  /** CSRF tokens of the form; false if posting is disabled. */
  tokens: FormTokens | false;
}

/** Routes of a node's page and its form. */
export function nodeRoutes(app: App, { region, reader, worker, log, now, tokens }: NodeRoutes): void {
  type Place = { cluster: Cluster; task: Task; address: string };
  const place = async (c: Context<GatewayEnv, typeof PATH>): Promise<Place> => {
    const cluster = await reader.cluster(c.req.param("name"));
    const task = workerAt(c.req.param("ip"), cluster, await reader.tasks(cluster));
    return { cluster, task, address: c.req.param("ip") };
  };
  const pageOf = (error: unknown, address: string): FaultPage => {
    if (!(error instanceof Fault)) throw error;
    const { title, what, detail } = error.page;
    log.error("fault", { address, title, what, detail });
    return error.page;
  };
  const ask = (address: string): Promise<NodeView["node"]> =>
    worker.nodeInfo(address).catch((error: unknown) => ({ fault: pageOf(error, address) }));
  const view = async (at: Place, more: Partial<NodeView>) => {
    const node = await ask(at.address);
    return { node, html: nodePage({ region, ...at, node, now: now(), ...more }) };
  };
  const form = (at: Place, values: TaskFormValues, wrong: Partial<TaskFormView> = {}): TaskFormView | undefined =>
    tokens ? { action: nodePath(at.cluster.name, at.address), token: tokens.issue(), values, ...wrong } : undefined;

  app.get(PATH, async (c) => {
    const at = await place(c);
    const id = c.req.query("posted") ?? "";
    const posted = /^[\w:.-]{1,200}$/.test(id) ? { id } : undefined;
    const { node, html } = await view(at, { page: c.req.query("page"), posted, form: form(at, EMPTY_FORM) });
    return c.html(html, "fault" in node ? node.fault.status : 200);
  });

  if (!tokens) return;
  app.post(PATH, bodyLimit({ maxSize: LARGEST_FORM, onError: tooLarge }), async (c) => {
    if (!fromOwnPage(c.req.raw.headers)) throw foreign();
    const at = await place(c);
    const sent = await c.req.parseBody();
    const checked = checkForm(sent);
    const again = async (status: 403 | 422 | 502 | 503 | 504, wrong: Partial<TaskFormView>) =>
      c.html((await view(at, { form: form(at, checked.values, wrong) })).html, status);

    if (typeof sent.token !== "string" || !tokens.accepts(sent.token))
      return again(403, {
        problem: {
          title: REFUSED,
          text: "The form has expired, or the gateway has restarted. Post it again.",
        },
      });
    if ("faults" in checked) return again(422, { faults: checked.faults });
    try {
      const id = await worker.post(at.address, checked.task);
      return c.redirect(
        `${nodePath(at.cluster.name, at.address)}?${new URLSearchParams({ posted: id }).toString()}`,
        303,
      );
    } catch (error) {
      if (error instanceof WorkerRefusal)
        return again(error.status === 503 ? 503 : error.status < 500 ? 422 : 502, {
          problem: { title: REFUSED, text: `The worker's message: ${error.message}` },
        });
      const { status, title, what, remedy } = pageOf(error, at.address);
      return again(status === 504 ? 504 : 502, { problem: { title, text: `${what} ${remedy}` } });
    }
  });
}

/** Running worker at an address. The gateway connects to such addresses only, whatever the URL says. */
function workerAt(address: string, cluster: Cluster, tasks: readonly Task[]): Task {
  const there = tasks.filter((task) => task.address === address);
  const found = there.find(({ worker, status }) => worker && status === "RUNNING");
  if (found) return found;
  const other = there[0];
  const what = !other
    ? `No running task in ${cluster.name} has the address "${address}".`
    : other.worker
      ? `The worker at ${address} is not running: its status is ${other.status.toLowerCase()}.`
      : `The task at ${address} belongs to ${other.group} and is not a worker.`;
  throw new Fault({
    status: 404,
    title: "Node not found",
    what,
    remedy: "Addresses change as tasks stop and start. Choose a worker from the list.",
    instead: { heading: "Where to go", links: [{ href: clusterPath(cluster.name), text: `Tasks in ${cluster.name}` }] },
  });
}

const foreign = () =>
  new Fault({
    status: 403,
    title: "The form was sent by another site",
    what: "The browser did not confirm that a page of this gateway sent the form, so no task was posted.",
    remedy: "Open the node's page in the gateway and post the task from there.",
  });

const tooLarge = (): never => {
  throw new Fault({
    status: 413,
    title: "The form is too large",
    what: `A task can have at most ${LARGEST_FORM / 1024} KB.`,
    remedy: "Go back and put large values into a file or a table that the model reads.",
  });
};
