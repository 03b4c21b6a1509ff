import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readable, readReport, runCheckov } from "../../../tools/policy/checkov";
import { BOX, fakePrograms, finding, record, reportOf, scratchFolder, stackOf } from "./policy.fixture";

const STACKS = [stackOf("dev-box", BOX), stackOf("dev-other", BOX)];

it("runs checkov once, offline, over all that it can read of all stacks, without a check left out", async () => {
  const { run, calls } = fakePrograms({ checkov: reportOf([record()]) });
  const scratch = scratchFolder();
  await runCheckov({ run }, STACKS, scratch);
  expect(calls).toHaveLength(1);
  const [{ program, args } = { program: "", args: [] }] = calls;
  const folder = join(scratch, "checkov");
  expect([program, args]).toEqual([
    "checkov",
    [
      ...["--directory", folder, "--framework", "terraform_json", "--output", "json", "--compact"],
      ...["--skip-download", "--soft-fail"],
    ],
  ]);
  for (const { id } of STACKS) {
    const read = JSON.parse(readFileSync(join(folder, id, "cdk.tf.json"), "utf8"));
    expect(read).toEqual({ provider: BOX.provider, resource: BOX.resource });
  }
});
it("leaves what checkov cannot read, and nothing else", () => {
  const json = { terraform: {}, output: {}, ephemeral: {}, variable: {}, resource: 1, data: 2, provider: 3 };
  expect(readable(json)).toEqual({ resource: 1, data: 2, provider: 3 });
});
it("gives by stack how many checks there were, and what failed by its construct", () => {
  const passed = [record("data.zones_3"), record("aws_s3_bucket.data_bucket_1", "CKV_2", "dev-other")];
  const report = reportOf([record("aws_s3_bucket.data_bucket_1")], passed);
  expect(readReport(report, STACKS)).toEqual(
    new Map([
      ["dev-box", { checks: 2, findings: [finding()] }],
      ["dev-other", { checks: 1, findings: [] }],
    ]),
  );
});
it.each([
  ["a stack that it could not parse", reportOf([], [], { parsing_errors: 1 }), "could not read 1 stacks"],
  ["checks that were left out", reportOf([], [], { skipped: 2 }), "left out 2 checks"],
  ["a resource that nobody knows", reportOf([record("resource.gone")]), "CKV_AWS_18 in resource.gone, which dev-box"],
])("does not take %s for a good answer", (_, report, message) => {
  expect(() => readReport(report, STACKS)).toThrow(message);
});
