import type { TaskFormFaults, TaskFormValues } from "../task-form";
import { type Html, html } from "./html";

export interface TaskFormView {
  /** URL of the form. */
  action: string;
  token: string;
  values: TaskFormValues;
  faults?: TaskFormFaults;
  /** Problem that does not belong to a field. */
  problem?: { title: string; text: string };
}

const LABELS: Record<keyof TaskFormValues, { label: string; hint: string; long?: true }> = {
  model_class: { label: "Model class", hint: "A model class in the workers' image, such as PartitionedExampleEtl." },
  method: { label: "Method", hint: "go runs the whole model." },
  method_kwargs: { label: "Method kwargs", hint: "JSON object; empty for none.", long: true },
  model_construction_kwargs: { label: "Model construction kwargs", hint: "JSON object; empty for none.", long: true },
  resolver_context: { label: "Resolver context", hint: "JSON object; empty for none.", long: true },
};

/** Form for a new task; open if there is a problem to fix. */
export function taskForm({ action, token, values, faults = {}, problem }: TaskFormView): Html {
  const wrong = Object.keys(faults).length > 0 || problem !== undefined;
  const keys = Object.keys(LABELS) as (keyof TaskFormValues)[];
  const first = keys.find((key) => faults[key]);
  return html`<section class="panel"><details class="fold"${wrong && html` open`}><summary>Post a task to this worker</summary>
<form method="post" action="${action}" autocomplete="off">
<input type="hidden" name="token" value="${token}">
${problem && html`<div class="notice bad all" role="alert"><p><strong>${problem.title}.</strong> ${problem.text}</p></div>`}
${keys.map((key) => field(key, values[key], faults[key], key === first))}
<div class="all"><button class="primary" type="submit">Post task</button></div>
</form></details></section>`;
}

function field(key: keyof TaskFormValues, value: string, fault: string | undefined, focus: boolean): Html {
  const { label, hint, long } = LABELS[key];
  const described = `${key}-hint${fault ? ` ${key}-fault` : ""}`;
  const attributes = html`id="${key}" name="${key}" aria-describedby="${described}"${fault && html` aria-invalid="true"`}${focus && html` autofocus`} spellcheck="false" autocapitalize="off"`;
  const required = key === "model_class" && html` required`;
  return html`<div${key === "resolver_context" && html` class="all"`}><label for="${key}">${label}</label><span class="hint" id="${key}-hint">${hint}</span>${
    long
      ? html`<textarea ${attributes} rows="4" placeholder="{}">
${value}</textarea>`
      : html`<input ${attributes}${required} type="text" maxlength="200" value="${value}">`
  }${fault && html`<span class="wrong" id="${key}-fault">${label} ${fault}</span>`}</div>`;
}
