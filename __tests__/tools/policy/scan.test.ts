import { expect, it } from "vitest";
import { scan } from "../../../tools/policy/scan";
import { BOX, fakePrograms, record, reportOf, scratchFolder, stackOf } from "./policy.fixture";

it("puts together what the scanners say of each stack", async () => {
  const state = stackOf("dev-state", { provider: {}, resource: {} });
  const python = JSON.stringify([[{ check: "star", about: "s3:*", detail: "" }]]);
  const { run } = fakePrograms({ checkov: reportOf([record()], [record("data.z")]), python });
  const results = await scan([state, stackOf("dev-box", BOX)], { run }, scratchFolder());
  expect(results.map(({ findings, ...rest }) => ({ ...rest, found: findings.map(({ check }) => check) }))).toEqual([
    { stack: "dev-state", system: "", checks: 0, failed: 0, documents: 0, found: [] },
    { stack: "dev-box", system: "ml-ec2", checks: 2, failed: 1, documents: 1, found: ["CKV_AWS_18", "star"] },
  ]);
});
