import { readFileSync } from "node:fs";
import type { Json } from "./synth";

/** A call of AWS that was made: whose key, which service and action, and what was given. */
export interface AwsCall {
  key: string;
  region: string;
  service: string;
  action: string;
  input: Json;
}

/** Calls in the file that a recording moto wrote. */
export const callsIn = (file: string): AwsCall[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** The action as IAM names it. */
export function actionOf({ service, action }: AwsCall): string {
  if (action === "GET s3") return "s3:GetObject";
  if (action === "PUT s3") return "s3:PutObject";
  return `${service}:${action}`;
}

const matches = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(text);

/** What a call acts on, and what its request says that a condition may ask for. */
export interface Request {
  action: string;
  resource: string;
  context: Record<string, string>;
}

/** What IAM would be asked for a call: of ECS and of objects as it is here, of the rest as `others` says, and else on everything. */
export function requestsOf(
  call: AwsCall,
  others: (action: string, input: Json) => Request[] | undefined = () => undefined,
): Request[] {
  const { input } = call;
  const action = actionOf(call);
  const context = { "ecs:cluster": input.cluster ?? "" };
  switch (action) {
    case "ecs:RunTask":
      return [{ action, resource: input.taskDefinition, context }];
    case "ecs:StopTask":
      return [{ action, resource: input.task, context }];
    case "ecs:DescribeTasks":
      return input.tasks.map((resource: string) => ({ action, resource, context }));
    case "ecs:DescribeClusters":
      return input.clusters.map((resource: string) => ({ action, resource, context: {} }));
    case "s3:GetObject":
    case "s3:PutObject":
      return [{ action, resource: `arn:aws:s3::${input.path.replace("/", ":")}`, context: {} }];
    default:
      return others(action, input) ?? [{ action, resource: "*", context: {} }];
  }
}

/** Whether the statements of a policy allow a request, by action, resource and condition; every effect must be Allow. */
export const allows = (statements: Json[], { action, resource, context }: Request): boolean =>
  statements.some(
    ({ Action, Resource, Condition = {} }) =>
      [Action].flat().some((pattern) => matches(pattern, action)) &&
      [Resource].flat().some((pattern) => matches(pattern, resource)) &&
      Object.entries<Record<string, string | string[]>>(Condition)
        .flatMap(([operator, keys]) => Object.entries(keys).map(([key, values]) => ({ operator, key, values })))
        .every(
          ({ operator, key, values }) =>
            (operator.endsWith("IfExists") && !(key in context)) ||
            [values].flat().some((value) => matches(value, context[key] ?? "")),
        ),
  );
