import { expect, it } from "vitest";
import { type Finding, judge } from "../../../tools/policy/judge";
import type { Reason } from "../../../tools/policy/reasons";

const finding = (check: string, path: string, about = ""): Finding => ({
  check,
  path,
  about,
  wants: "better",
  stack: path.split("/")[0] as string,
  type: "aws_thing",
});
const BUCKET = finding("CKV_1", "dev-box/data/bucket");
const LOGS = finding("CKV_1", "prod-box/logs/bucket");
const START = finding("star", "dev-box/role/policy", "ec2:RunInstances");
const reason = (checks: string[], where: string[], about?: string[]): Reason => ({
  checks,
  where,
  about,
  reason: "So.",
});

it("gives a finding the first reason that fits its check, its place and its action", () => {
  const reasons = [
    reason(["CKV_2"], ["*"]),
    reason(["CKV_1"], ["dev-*/bucket"]),
    reason(["CKV_1"], ["*"]),
    reason(["star"], ["*/role/*"], ["ec2:run*"]),
  ];
  const { accepted, open } = judge([BUCKET, LOGS, START], reasons);
  expect(accepted.map(([{ path }, given]) => [path, reasons.indexOf(given)])).toEqual([
    ["dev-box/data/bucket", 1],
    ["prod-box/logs/bucket", 2],
    ["dev-box/role/policy", 3],
  ]);
  expect(open).toEqual([]);
});
it.each([
  ["another check", reason(["CKV_11"], ["*"])],
  ["another place", reason(["CKV_1"], ["prod-*"])],
  ["a part of the path", reason(["CKV_1"], ["dev-box/data"])],
  ["a letter for a dot", reason(["CKV_1"], ["dev.box/data/bucket"])],
])("leaves a finding open for which only a reason for %s stands", (_, one) => {
  expect(judge([BUCKET], [one]).open).toEqual([BUCKET]);
});
it("leaves an action open that the reason does not name", () => {
  expect(judge([START], [reason(["star"], ["*"], ["ec2:StopInstances"])]).open).toEqual([START]);
});
it("calls stale each check, place and action that fits nothing, and what an earlier reason takes away", () => {
  const { stale } = judge(
    [BUCKET, LOGS, START],
    [
      reason(["CKV_1", "CKV_2"], ["dev-*", "stage-*"]),
      reason(["CKV_1"], ["*", "dev-*"]),
      reason(["star"], ["*"], ["ec2:RunInstances", "ec2:Stop*"]),
    ],
  );
  expect(stale).toEqual([
    'checks: CKV_2 of "So."',
    'where: stage-* of "So."',
    'where: dev-* of "So."',
    'about: ec2:Stop* of "So."',
  ]);
  expect(judge([BUCKET], [reason(["CKV_1"], ["dev-*"])]).stale).toEqual([]);
});
