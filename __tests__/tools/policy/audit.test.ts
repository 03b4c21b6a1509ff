import { expect, it } from "vitest";
import { auditPolicies, findingsOf } from "../../../tools/policy/audit";
import { documentOf, fakePrograms } from "./policy.fixture";

const remark = (check: string, about = "", detail = "") => ({ check, about, detail });

it("has each text read once, and says of each place what was said of its text", async () => {
  const documents = [documentOf("s3:*"), documentOf("ec2:*", "dev-box/other"), documentOf("s3:*", "dev-box/third")];
  const { run, calls } = fakePrograms({ python: JSON.stringify([[remark("star", "s3:*")], []]) });
  const findings = await auditPolicies({ run }, documents);
  expect(findings.map(({ check, path, about }) => [check, path, about])).toEqual([
    ["star", "dev-box/role/policy", "s3:*"],
    ["star", "dev-box/third", "s3:*"],
  ]);
  expect(calls.map(({ program, args }) => [program, args])).toEqual([
    ["python", [expect.stringMatching(/tools\/policy\/audit\.py$/)]],
  ]);
  const { stack: _, path: __, ...first } = documentOf("s3:*");
  expect(JSON.parse(calls[0]?.input ?? "")).toEqual([first, { ...first, document: documentOf("ec2:*").document }]);
});
it("makes one finding of what is said of several resources of an action", () => {
  const found = findingsOf(documentOf("ec2:RunInstances"), [
    remark("MISMATCH", "ec2:RunInstances", "subnet expected"),
    remark("MISMATCH", "ec2:runinstances", "image expected"),
    remark("MISMATCH", "ec2:RunInstances", "subnet expected"),
    remark("OTHER", "ec2:RunInstances"),
  ]);
  expect(found.map(({ check, about, wants }) => [check, about, wants])).toEqual([
    ["MISMATCH", "ec2:RunInstances", "subnet expected; image expected"],
    ["OTHER", "ec2:RunInstances", ""],
  ]);
});
