import { expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { type Json, synthApp } from "../support/synth";
import { ref } from "../support/terraform-json";
import { addressConfigurations } from "./configurations.fixture";

const { ids, stack } = synthApp(dev, prod, ...addressConfigurations);

/** Address of every resource of the stacks, without the hash, which is of the same ids. */
function addresses(): string {
  const lines = ids.flatMap((id) =>
    Object.entries<Json>(stack(id).parsed.resource ?? {}).flatMap(([type, named]) =>
      Object.values<Json>(named).map((resource) => `${resource["//"].metadata.path} ${type}`),
    ),
  );
  return `${lines.sort().join("\n")}\n`;
}

it("keeps the address of every resource: one that moves is replaced", async () => {
  await expect(addresses()).toMatchFileSnapshot("rendered/addresses.txt");
});

/** Texts in quotes inside the expressions of a text. */
const quotedIn = (text: string) =>
  [...text.matchAll(/\$\{([^{}]*)\}/g)].flatMap(([, expression = ""]) => expression.match(/"[^"]*"/g) ?? []);

it("quotes no reference inside an expression: cdktf takes its braces away, and a constant is left", () => {
  expect(quotedIn(`${ref('upper("x-aws_vpc.a.id")')} and "plain"`)).toEqual(['"x-aws_vpc.a.id"']);
  const texts = (value: Json): string[] =>
    typeof value === "string" ? [value] : typeof value === "object" && value ? Object.values(value).flatMap(texts) : [];
  const quoted = ids.flatMap((id) =>
    texts(stack(id).parsed)
      .flatMap(quotedIn)
      .map((text) => `${id}: ${text}`),
  );
  expect(
    quoted.filter((text) => /\b(data\.)?(aws|kubernetes|helm|terraform)_\w+\.[\w-]+\.\w|\bvar\.\w/.test(text)),
  ).toEqual([]);
});
