import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { CORE_LABELS } from "../../../assets/portfolio-api/labels";

it("are those of the package receipts, in order", () => {
  const text = readFileSync("assets/receipts-package/src/receipts/labels.py", "utf8");
  const [, list = ""] = /CORE_LABELS = \(([^)]*)\)/.exec(text) ?? [];
  const labels = [...list.matchAll(/"(\w+)"/g)].map(([, label]) => label);
  expect(labels).toHaveLength(18);
  expect(CORE_LABELS).toEqual(labels.sort());
});
