import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EXISTING_FILE, existingIn, InvalidExisting } from "../src/existing";

const ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-Ab12Cd";
/** A project whose file holds this. */
function project(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "existing-"));
  if (text !== undefined) writeFileSync(join(folder, EXISTING_FILE), text);
  return folder;
}

it("is empty by default", () => {
  expect(existingIn(project())).toEqual({ secrets: {} });
  expect(existingIn(project("{}"))).toEqual({ secrets: {} });
});
it("has the texts of secrets", () => {
  expect(existingIn(project(JSON.stringify({ secrets: { [ARN]: "open sesame" } })))).toEqual({
    secrets: { [ARN]: "open sesame" },
  });
});
it.each([
  ["no JSON", "{", "rehearsal.json: must be JSON: "],
  ["a list", "[]", /^rehearsal\.json: the file: .*expected object, .*got \[\]$/],
  ["another key", '{"secret": {}}', "rehearsal.json: secret: unknown key; known keys: secrets"],
  [
    "a name in place of an ARN",
    '{"secrets": {"api-key": "x"}}',
    "rehearsal.json: secrets.api-key: must be the ARN of a secret",
  ],
  ["a text that is a number", `{"secrets": {"${ARN}": 5}}`, `rehearsal.json: secrets.${ARN}: must be a string, got 5`],
  ["two mistakes", '{"secret": {}, "secrets": {"a": "x"}}', /secrets\.a: .*; secret: unknown key/],
])("refuses %s", (_, text, message) => {
  const read = () => existingIn(project(text));
  expect(read).toThrow(InvalidExisting);
  expect(read).toThrow(message);
});
