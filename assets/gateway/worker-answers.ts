import { z } from "zod";

const workerTask = z.object({
  task_id: z.string(),
  model_class: z.string(),
  method: z.string().nullish(),
  method_kwargs: z.unknown().optional(),
  resolver_context: z.unknown().optional(),
  /** RFC 1123. */
  started: z.string().nullish(),
  finished: z.string().nullish(),
  status: z.string().nullish(),
  results: z.unknown().optional(),
});

/** Task in an answer of a worker. */
export type WorkerTask = z.output<typeof workerTask>;

/** Answer to `GET /api/0.01/node_info` of Fossa 0.0.31 to 0.0.37. */
export const nodeInfo = z.object({
  node_info: z.looseObject({
    available_processing_capacity: z.number(),
    max_concurrent_tasks: z.number(),
    node_ident: z.string(),
    /** `connected`, or why not; only this project's own image reports it. */
    broker: z.string().optional(),
  }),
  running_tasks: z.array(workerTask),
  /** Newest first; Fossa itself never trims the list. */
  recent_completed_tasks: z.array(workerTask),
});
export type NodeInfo = z.output<typeof nodeInfo>;

/** Answer to an accepted task. */
export const accepted = z.object({ task_id: z.string().min(1).max(200) });

const refusal = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ msg: z.string() }).transform(({ msg }) => msg),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);
/** Message of a worker that refuses a task. */
export const refusalOf = (answer: unknown): string | undefined => refusal.safeParse(answer).data;

const failed = z.object({
  type: z.literal("TaskFailed"),
  payload: z.object({ exception_class_name: z.string().nullish(), traceback: z.array(z.string()).nullish() }),
});
const complete = z.object({
  type: z.literal("TaskComplete"),
  payload: z.object({ return_value: z.unknown().optional() }),
});

export type Outcome =
  | { kind: "complete"; value: unknown }
  | { kind: "failed"; exception: string; message: string; traceback: string[] }
  | { kind: "other"; value: unknown };

/** Outcome of a task, from the results in a worker's answer. */
export function outcomeOf(results: unknown): Outcome {
  const good = complete.safeParse(results);
  if (good.success) return { kind: "complete", value: good.data.payload.return_value };
  const bad = failed.safeParse(results);
  if (!bad.success) return { kind: "other", value: results };
  const { exception_class_name, traceback } = bad.data.payload;
  // Fossa 0.0.31 has no message before the traceback
  const lines = traceback ?? [];
  const message = lines[0]?.startsWith("Traceback:") ? "" : (lines[0] ?? "");
  return {
    kind: "failed",
    exception: /^<class '(.+)'>$/.exec(exception_class_name ?? "")?.[1] ?? exception_class_name ?? "Failed",
    message,
    traceback: (message === "" ? lines : lines.slice(1)).map(readable),
  };
}

/** `Traceback:  File[x] Line[1] Text[y]`, as Python writes it. */
const readable = (line: string) =>
  line.replace(/^Traceback:\s+File\[(.*?)\] Line\[(\d+)\] Text\[(.*)\]$/s, 'File "$1", line $2\n    $3');
