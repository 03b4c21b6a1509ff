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

const NOT_FOSSA = "Check that the workers' image runs Fossa on this port; the log of the task says what it does.";

export function workerFault(address: string, trouble: WorkerTrouble): WorkerFault {
  const fault = (status: 502 | 504, title: string, what: string, remedy: string, detail?: string) =>
    new WorkerFault(trouble, { status, title, what, remedy, detail });
  switch (trouble.kind) {
    case "time":
      return fault(
        504,
        "The worker does not answer",
        `The worker at ${address} has not answered within ${trouble.seconds} seconds.${trouble.posted ? " It may have accepted the task all the same." : ""}`,
        trouble.posted
          ? "Look at its running tasks before you post again."
          : `It may be busy, or the way to port ${trouble.port} is closed: the workers' security group has to admit the gateway. Load the page again; if it stays, look at the log of the task.`,
      );
    case "connection":
      return trouble.code === "ECONNREFUSED"
        ? fault(
            502,
            "The worker refuses connections",
            `Nothing listens on port ${trouble.port} of ${address}.`,
            "The worker may be starting: load the page again in a moment. If it stays, its program has ended; the log of the task says why.",
          )
        : fault(
            502,
            "The connection to the worker broke",
            `The gateway could not speak with the worker at ${address} on port ${trouble.port}.`,
            "The task may be stopping: load the page again, or choose another node.",
            trouble.code,
          );
    case "status":
      return fault(
        502,
        "The worker answers with an error",
        `The worker at ${address} answered with status ${trouble.status}.`,
        trouble.status >= 300 && trouble.status < 400 ? NOT_FOSSA : "The log of the task says what went wrong in it.",
      );
    case "not-json":
      return fault(
        502,
        "The worker's answer makes no sense",
        `What the worker at ${address} answered is not JSON.`,
        NOT_FOSSA,
        trouble.beginning,
      );
    case "shape":
      return fault(
        502,
        "The worker's answer makes no sense",
        `What the worker at ${address} answered is JSON, but not what Fossa answers.`,
        "Check that the version of Fossa in the workers' image is one that the gateway knows (0.0.31 to 0.0.37).",
        trouble.issue,
      );
    case "large":
      return fault(
        502,
        "The worker's answer is too large",
        `The worker at ${address} answered with more than ${trouble.megabytes} MB: it remembers many completed tasks, or some with large results.`,
        "Let the workers' image remember fewer completed tasks, or models give back less. For now, stop the ECS task when it is idle: its service starts a fresh one.",
      );
  }
}
