import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { refTo } from "../../support/synth";
import { build } from "./network.fixture";

const key = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555";

it("leaves no trace when they are off", () => {
  const { all, json } = build();
  for (const type of [FlowLog, CloudwatchLogGroup, IamRole]) expect(all(type)).toEqual([]);
  expect(json).not.toContain("flow");
});
it("records all traffic of the VPC for 30 days by default, in records of ten minutes", () => {
  const { one } = build({ flowLogs: {} });
  expect(one(FlowLog)).toMatchObject({
    vpc_id: refTo(Vpc, "id"),
    traffic_type: "ALL",
    max_aggregation_interval: 600,
    log_destination: refTo(CloudwatchLogGroup, "arn"),
    iam_role_arn: refTo(IamRole, "arn"),
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\./)],
  });
  expect(one(CloudwatchLogGroup)).toMatchObject({ name: "/aws/vpc/ml-net", retention_in_days: 30 });
  expect(one(CloudwatchLogGroup)).not.toHaveProperty("kms_key_id");
});
it("takes other settings", () => {
  const logKmsKeyArn = Token.asString({ resolve: () => key });
  const { one } = build({
    flowLogs: { logRetentionDays: 3653, trafficType: "REJECT", maxAggregationInterval: 60, logKmsKeyArn },
  });
  expect(one(FlowLog)).toMatchObject({ traffic_type: "REJECT", max_aggregation_interval: 60 });
  expect(one(CloudwatchLogGroup)).toMatchObject({ retention_in_days: 3653, kms_key_id: key });
  expect(build({ flowLogs: { logRetentionDays: 1, logKmsKeyArn: key } }).one(CloudwatchLogGroup)).toMatchObject({
    retention_in_days: 1,
    kms_key_id: key,
  });
});
it("lends its role to the flow logs of this account only, to write to this group only", () => {
  const { one } = build({ flowLogs: {} });
  const [trusted, ...others] = JSON.parse(one(IamRole).assume_role_policy).Statement;
  expect(others).toEqual([]);
  expect(trusted).toMatchObject({
    Effect: "Allow",
    Principal: { Service: "vpc-flow-logs.amazonaws.com" },
    Action: "sts:AssumeRole",
  });
  expect(trusted.Condition.StringEquals).toEqual({ "aws:SourceAccount": refTo(Vpc, "owner_id") });
  expect(trusted.Condition.ArnLike["aws:SourceArn"]).toMatch(
    /^arn:aws:ec2:\*:\$\{aws_vpc\.\w+\.owner_id\}:vpc-flow-log\/\*$/,
  );
  const [statement, ...rest] = JSON.parse(one(IamRolePolicy).policy).Statement;
  expect(rest).toEqual([]);
  expect(statement.Action.sort()).toEqual(["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]);
  expect(statement.Resource).toMatch(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}:\*$/);
  expect(one(IamRolePolicy).role).toEqual(refTo(IamRole, "id"));
});
it("keeps the prefix of the role's name within 38 characters, and apart for long names", () => {
  const prefix = (name: string) => build({ name, flowLogs: {} }).one(IamRole).name_prefix;
  expect(prefix("ml-net")).toBe("ml-net-flow-");
  const long = ["a".repeat(62), "a".repeat(63)].map(prefix);
  expect(long.map((each) => each.length)).toEqual([38, 38]);
  expect(long[0]).not.toBe(long[1]);
});
