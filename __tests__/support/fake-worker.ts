import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A task that is complete, as a worker of Fossa 0.0.37 answered it. */
export const COMPLETE = {
  finished: "Sat, 21 Nov 2026 12:11:43 GMT",
  method: "go",
  method_kwargs: { n: 3 },
  model_class: "Good",
  model_construction_kwargs: {},
  on_completion_callback: null,
  partition_initialise_kwargs: {},
  resolver_context: { mood: "calm" },
  results: {
    payload: {
      method_kwargs: { n: 3 },
      method_name: "go",
      model_cls_name: "Good",
      return_value: { html: "<b>bold</b>", n: 3 },
    },
    type: "TaskComplete",
  },
  started: "Sat, 21 Nov 2026 12:11:40 GMT",
  status: "complete",
  task_id: "heoqa",
};
/** One that failed, likewise. */
export const FAILED = {
  ...COMPLETE,
  model_class: "Bad",
  method_kwargs: {},
  results: {
    payload: {
      exception_class_name: "<class 'ValueError'>",
      failure_origin_task_id: null,
      method_kwargs: {},
      method_name: "go",
      model_class_name: "Bad",
      model_construction_kwargs: {},
      partition_initialise_kwargs: {},
      resolver_context: {},
      task_id: "miyxp",
      traceback: [
        "no <such> thing",
        "Traceback:  File[/app/fossa/control/process.py] Line[100] Text[subtask_return_value = sub_task_method(**method_kwargs)]",
        'Traceback:  File[/app/node.py] Line[14] Text[raise ValueError("no <such> thing")]',
      ],
    },
    type: "TaskFailed",
  },
  status: "failed",
  task_id: "iyvqu:14::amq.gen-Zx1",
};
/** One that runs, likewise. */
export const RUNNING = {
  method: "go",
  method_kwargs: {},
  model_class: "Slow",
  model_construction_kwargs: {},
  on_completion_callback: null,
  partition_initialise_kwargs: {},
  resolver_context: {},
  started: "Sat, 21 Nov 2026 12:11:43 GMT",
  status: "running",
  task_id: "kbeok",
};
export const IDLE = {
  node_info: { available_processing_capacity: 4, max_concurrent_tasks: 4, node_ident: "9585:jbpyf" },
  recent_completed_tasks: [] as object[],
  running_tasks: [] as object[],
};

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A worker of our own on loopback, over real HTTP, that answers as it is told. */
export class FakeWorker {
  /** How it answers; each test sets its own. */
  handle: Handler = answer(200, IDLE);
  readonly requests: { method: string; url: string; body: string; type?: string }[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeWorker> {
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const body = Buffer.concat(parts).toString();
      const { method = "", url = "", headers } = request;
      worker.requests.push({ method, url, body, type: headers["content-type"] });
      worker.handle(request, response, body);
    });
    const worker = new FakeWorker(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return worker;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Answers every request alike; a text is sent as it is. */
export const answer =
  (status: number, body: object | string, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(text);
  };

/** Takes the request and says nothing, for ever. */
export const hang: Handler = () => {};

/** Begins an answer and never ends it. */
export const dribble: Handler = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json" }).write('{"node_info":');
};

/** One answer to the questions, another to posted tasks. */
export const worker =
  (info: object, posted: Handler): Handler =>
  (request, response, body) =>
    request.method === "POST" ? posted(request, response, body) : answer(200, info)(request, response, body);
