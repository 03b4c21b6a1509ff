import { expect, it } from "vitest";
import { judge } from "../../../tools/policy/judge";
import { renderFinding, renderReasons, renderTables } from "../../../tools/policy/report";
import { finding, resultOf } from "./policy.fixture";

const STAR = finding({
  check: "parliament:RESOURCE_STAR",
  wants: "",
  path: "dev-box/role",
  type: "aws_iam_role",
  about: "s3:*",
});

it("prints a table for each system, with what of its stacks has no reason", () => {
  const other = resultOf({ stack: "dev-state", system: "", findings: [], failed: 0 });
  const text = renderTables([resultOf({ findings: [finding(), STAR] }), other], [STAR]);
  expect(text.split("\n").filter((line) => !/^[┌├└]/.test(line))).toEqual([
    "ml-ec2",
    expect.stringMatching(/^│ stack +│ checks │ failed │ policies │ findings in them │ without a reason │$/),
    expect.stringMatching(/^│ dev-box +│ +7 │ +1 │ +2 │ +1 │ +1 │$/),
    "",
    "state",
    expect.stringContaining("stack"),
    expect.stringMatching(/^│ dev-state +│ +7 │ +0 │ +2 │ +0 │ +0 │$/),
  ]);
});
it("prints a finding in one line, without what it does not have", () => {
  expect(renderFinding(finding())).toBe("CKV_AWS_18  dev-box/data/bucket  aws_s3_bucket  access logging");
  expect(renderFinding(STAR)).toBe("parliament:RESOURCE_STAR  dev-box/role  aws_iam_role  s3:*");
});
it("prints each reason once, with what it is given for", () => {
  const all = { checks: [finding().check, STAR.check], where: ["*"], reason: "So it is." };
  expect(renderReasons(judge([finding(), STAR], [all]))).toBe(
    ["So it is.", `  ${renderFinding(finding())}`, `  ${renderFinding(STAR)}`].join("\n"),
  );
});
