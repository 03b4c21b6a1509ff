import { request } from "node:http";
import { isIPv4 } from "node:net";
import type { z } from "zod";
import { parsePythonJson } from "./json";
import { accepted, type NodeInfo, nodeInfo, refusalOf } from "./worker-answers";
import { type NewTask, WorkerRefusal, workerFault } from "./worker-fault";

const API = "/api/0.01";
const MEGABYTE = 1024 * 1024;
const DEFAULTS = { timeoutMs: 3_000, maxBytes: 8 * MEGABYTE };

export interface WorkerClientOptions {
  port: number;
  /** Timeout of connection and whole answer; shortened in tests. */
  timeoutMs?: number;
  maxBytes?: number;
}

export interface Limits {
  timeoutMs?: number;
  maxBytes?: number;
  /** Aborts the call early. */
  signal?: AbortSignal;
}

interface Answer {
  status: number;
  text: string;
}

/** HTTP client of the workers' API, which validates every answer. */
export class WorkerClient {
  readonly #options: Required<WorkerClientOptions>;

  constructor(options: WorkerClientOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  async nodeInfo(address: string, limits: Limits = {}): Promise<NodeInfo> {
    const answer = await this.#ask(address, "GET", "/node_info", limits);
    if (answer.status !== 200) throw workerFault(address, { kind: "status", status: answer.status });
    return this.#checked(address, answer, nodeInfo);
  }

  /** Posts a task and returns its id. */
  async post(address: string, task: NewTask): Promise<string> {
    const answer = await this.#ask(address, "POST", "/task", {}, JSON.stringify(task));
    if (answer.status === 200) return this.#checked(address, answer, accepted).task_id;
    const refusal = refusalOf(parsed(answer.text));
    if (refusal === undefined) throw workerFault(address, { kind: "status", status: answer.status });
    throw new WorkerRefusal(answer.status, refusal);
  }

  #checked<S extends z.ZodType>(address: string, { text }: Answer, schema: S): z.output<S> {
    const json = parsed(text);
    if (json === undefined) throw workerFault(address, { kind: "not-json", beginning: text.slice(0, 200) });
    const { success, data, error } = schema.safeParse(json);
    if (success) return data;
    const issue = error.issues[0];
    throw workerFault(address, { kind: "shape", issue: `${issue?.path.join(".")}: ${issue?.message}` });
  }

  async #ask(address: string, method: string, path: string, limits: Limits, body?: string): Promise<Answer> {
    if (!isIPv4(address)) throw new Error(`not an IPv4 address: ${address}`);
    const { timeoutMs, maxBytes } = { ...this.#options, ...limits };
    const time = AbortSignal.timeout(timeoutMs);
    const signal = limits.signal ? AbortSignal.any([time, limits.signal]) : time;
    const { port } = this.#options;
    const headers = {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }),
    };
    // node:http rather than fetch: no redirects, no proxy, no forbidden ports
    const answer = new Promise<Answer | "large">((resolve, reject) => {
      const call = request({ host: address, port, path: API + path, method, headers, signal }, (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on("data", (part: Buffer) => {
          bytes += part.length;
          if (bytes > maxBytes) {
            resolve("large");
            call.destroy();
          } else parts.push(part);
        });
        response.once("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
        );
        response.once("error", reject);
      });
      call.once("error", reject);
      call.end(body);
    });
    const got = await answer.catch((error: NodeJS.ErrnoException) => {
      const seconds = timeoutMs / 1000;
      if (signal.aborted) throw workerFault(address, { kind: "time", seconds, port, posted: method === "POST" });
      throw workerFault(address, { kind: "connection", code: error.code ?? error.message, port });
    });
    if (got === "large") throw workerFault(address, { kind: "large", megabytes: maxBytes / MEGABYTE });
    return got;
  }
}

function parsed(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    return undefined;
  }
}
