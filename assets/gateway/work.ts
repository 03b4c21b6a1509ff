import { mapLimited } from "./concurrency";
import type { WorkerClient } from "./worker-client";
import { WorkerFault } from "./worker-fault";

const WORKERS_AT_A_TIME = 10;
/** Limits for one worker, and a timeout for all: the page must not wait for workers that hang. */
const LIMITS = { timeoutMs: 1_500, maxBytes: 1024 * 1024 };
const TOTAL_MS = 3_000;

/** Task numbers of a worker, or why they are unknown. */
export type Work = { running: number; completed: number; free: number } | { problem: string };

const PROBLEMS = {
  time: "No answer",
  connection: "No connection",
  status: "Returned an error",
  "not-json": "Invalid answer",
  shape: "Invalid answer",
  large: "Answer too large",
} satisfies Record<WorkerFault["trouble"]["kind"], string>;

/** Gets the task numbers of workers by address, a few workers at a time. */
export async function workOf(
  client: Pick<WorkerClient, "nodeInfo">,
  addresses: readonly string[],
  totalMs = TOTAL_MS,
): Promise<Map<string, Work>> {
  const signal = AbortSignal.timeout(totalMs);
  const ask = async (address: string): Promise<[string, Work]> => {
    if (signal.aborted) return [address, { problem: "Not queried: other workers took too long" }];
    try {
      const { node_info, running_tasks, recent_completed_tasks } = await client.nodeInfo(address, {
        ...LIMITS,
        signal,
      });
      const free = node_info.available_processing_capacity;
      return [address, { running: running_tasks.length, completed: recent_completed_tasks.length, free }];
    } catch (error) {
      if (error instanceof WorkerFault) return [address, { problem: PROBLEMS[error.trouble.kind] }];
      throw error;
    }
  };
  return new Map(await mapLimited(addresses, WORKERS_AT_A_TIME, ask));
}
