import { Fault, type FaultPage } from "./fault";

export interface NewTask {
  model_class: string;
  method: string;
  method_kwargs: object;
  model_construction_kwargs: object;
  resolver_context: object;
}

/** Refusal of a worker, with its message. */
export class WorkerRefusal extends Error {
  override readonly name = "WorkerRefusal";
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export type WorkerTrouble =
  | { kind: "time"; seconds: number; port: number; posted: boolean }
  | { kind: "connection"; code: string; port: number }
  | { kind: "status"; status: number }
  | { kind: "not-json"; beginning: string }
  | { kind: "shape"; issue: string }
  | { kind: "large"; megabytes: number };

/** Fault of a worker; `trouble.kind` is its short form. */
export class WorkerFault extends Fault {
  constructor(
    readonly trouble: WorkerTrouble,
    page: FaultPage,
  ) {
    super(page);
  }
}

const NOT_FOSSA = "Check that the workers' image runs Fossa on this port, and see the log of the task.";

export function workerFault(address: string, trouble: WorkerTrouble): WorkerFault {
  const fault = (status: 502 | 504, title: string, what: string, remedy: string, detail?: string) =>
    new WorkerFault(trouble, { status, title, what, remedy, detail });
  switch (trouble.kind) {
    case "time":
      return fault(
        504,
        "The worker does not answer",
        `The worker at ${address} has not answered within ${trouble.seconds} seconds.${trouble.posted ? " It may still have accepted the task." : ""}`,
        trouble.posted
          ? "Check its running tasks before you post again."
          : `It may be busy, or port ${trouble.port} is blocked: the workers' security group must admit the gateway. Reload the page; if the error persists, see the log of the task.`,
      );
    case "connection":
      return trouble.code === "ECONNREFUSED"
        ? fault(
            502,
            "The worker refuses connections",
            `Nothing listens on port ${trouble.port} of ${address}.`,
            "The worker may be starting: reload the page in a moment. If the error persists, its program has exited; see the log of the task.",
          )
        : fault(
            502,
            "The connection to the worker broke",
            `The gateway could not communicate with the worker at ${address} on port ${trouble.port}.`,
            "The task may be stopping: reload the page, or choose another node.",
            trouble.code,
          );
    case "status":
      return fault(
        502,
        "The worker returned an error",
        `The worker at ${address} returned status ${trouble.status}.`,
        trouble.status >= 300 && trouble.status < 400 ? NOT_FOSSA : "See the log of the task.",
      );
    case "not-json":
      return fault(
        502,
        "The worker's answer is invalid",
        `The answer of the worker at ${address} is not JSON.`,
        NOT_FOSSA,
        trouble.beginning,
      );
    case "shape":
      return fault(
        502,
        "The worker's answer is invalid",
        `The answer of the worker at ${address} is JSON, but not of the form that Fossa returns.`,
        "Check that the gateway supports the version of Fossa in the workers' image (0.0.31 to 0.0.37).",
        trouble.issue,
      );
    case "large":
      return fault(
        502,
        "The worker's answer is too large",
        `The worker at ${address} returned more than ${trouble.megabytes} MB: it keeps many completed tasks, or some with large results.`,
        "Have the workers' image keep fewer completed tasks, or the models return less. For now, stop the ECS task when it is idle: its service starts a new one.",
      );
  }
}
