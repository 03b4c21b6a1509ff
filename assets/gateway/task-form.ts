import { z } from "zod";
import type { NewTask } from "./worker-fault";

/** Values as typed, which the form shows again after a fault. */
export type TaskFormValues = Record<keyof NewTask, string>;
export type TaskFormFaults = Partial<Record<keyof NewTask, string>>;

export const EMPTY_FORM: TaskFormValues = {
  model_class: "",
  method: "go",
  method_kwargs: "",
  model_construction_kwargs: "",
  resolver_context: "",
};

const identifier = (must: string) =>
  z
    .string()
    .trim()
    .max(200, "must have at most 200 characters")
    .regex(/^[A-Za-z_]\w*$/, must);

/** Text of a JSON object; empty text is the empty object. */
const jsonObject = z.string().transform((text, ctx) => {
  if (text.trim() === "") return {};
  const fail = (message: string) => {
    ctx.addIssue(message);
    return z.NEVER;
  };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    return fail(`must be a JSON object such as {"name": "value"}, not ${kindOf(value)}`);
  } catch (error) {
    return fail(`is not JSON: ${(error as Error).message}`);
  }
});

const schema = z.object({
  model_class: identifier("must be the name of a model class, such as PartitionedExampleEtl"),
  method: identifier("must be the name of a method, such as go"),
  method_kwargs: jsonObject,
  model_construction_kwargs: jsonObject,
  resolver_context: jsonObject,
});

export type CheckedForm = { values: TaskFormValues } & ({ task: NewTask } | { faults: TaskFormFaults });

/** Checks a submitted form. */
export function checkForm(sent: Record<string, unknown>): CheckedForm {
  const text = (key: keyof NewTask) => (typeof sent[key] === "string" ? sent[key] : "");
  const keys = Object.keys(EMPTY_FORM) as (keyof NewTask)[];
  const values = Object.fromEntries(keys.map((key) => [key, text(key)])) as TaskFormValues;
  const { success, data, error } = schema.safeParse({ ...values, method: values.method.trim() || EMPTY_FORM.method });
  if (success) return { values, task: data };
  const faults: TaskFormFaults = {};
  for (const { path, message } of error.issues) faults[path[0] as keyof NewTask] ??= message;
  return { values, faults };
}

const kindOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`);
