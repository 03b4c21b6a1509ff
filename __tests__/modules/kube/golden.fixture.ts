import { Release } from "@cdktf/provider-helm/lib/release";
import { expect } from "vitest";
import type { Json, synth } from "../../support/synth";

type Synth = ReturnType<typeof synth>;

/** Values of the only release, read back. */
export const valuesOf = ({ one }: Synth): Json => JSON.parse(one(Release).values[0]);

/** Holds values against `rendered/<name>.json`. */
export const matchesGolden = (values: unknown, name: string) =>
  expect(`${pretty(values)}\n`).toMatchFileSnapshot(`rendered/${name}.json`);

/** JSON as the formatter of this project has it: a list of plain values stands on one line where 120 columns take it. */
export function pretty(value: unknown, indent = "", rest = 120): string {
  if (typeof value !== "object" || value === null || isEmpty(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const comma = (i: number, length: number) => (i < length - 1 ? "," : "");
  if (Array.isArray(value)) {
    const flat = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const plain = value.every((item) => typeof item !== "object" || item === null || isEmpty(item));
    if (plain && flat.length <= rest) return flat;
    const items = value.map((item, i) => {
      const end = comma(i, value.length);
      return `${inner}${pretty(item, inner, 120 - inner.length - end.length)}${end}`;
    });
    return `[\n${items.join("\n")}\n${indent}]`;
  }
  const entries = Object.entries(value);
  const lines = entries.map(([key, item], i) => {
    const [head, end] = [`${inner}${JSON.stringify(key)}: `, comma(i, entries.length)];
    return `${head}${pretty(item, inner, 120 - head.length - end.length)}${end}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

const isEmpty = (value: object) => Object.keys(value).length === 0;
