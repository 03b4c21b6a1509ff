import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { expect, it } from "vitest";
import {
  BUILD_MACHINES,
  CodebuildBuild,
  type CodebuildBuildProps,
  codebuildSchema,
} from "../../../../modules/aws/codebuild/codebuild-build";
import { synth } from "../../../support/synth";

const build = (props: Partial<CodebuildBuildProps> = {}) =>
  synth(
    (stack) =>
      new CodebuildBuild(stack, "build", {
        name: "dev-wheels",
        description: "Makes wheels",
        tag: "0f0f0f0f0f0f0f0f",
        source: () => ({
          bucketName: "sources",
          location: "sources/a.zip",
          statements: [{ Action: "s3:GetObject", Resource: "arn:aws:s3:::sources/*" }],
          ready: [],
        }),
        machine: BUILD_MACHINES.X86_64,
        environment: { FORCE: "no" },
        ofTag: { FORCE: "no", ALSO: "x" },
        buildspec: "{}",
        policies: {},
        region: "eu-west-2",
        accountId: "111122223333",
        settings: codebuildSchema.parse({}),
        ...props,
      }),
  );

it("builds outside any VPC by default", () => {
  const made = build();
  expect(made.one(CodebuildProject)).not.toHaveProperty("vpc_config");
  expect(made.all(IamRolePolicy).map(({ name }) => name)).toEqual(["log", "source", "start"]);
});
it("builds in the subnets given, for which its role may have network interfaces there and nowhere else", () => {
  const network = { vpcId: "vpc-1", subnetIds: ["subnet-a", "subnet-b"], securityGroupIds: ["sg-1"] };
  const made = build({ network });
  expect(made.one(CodebuildProject).vpc_config).toEqual({
    vpc_id: "vpc-1",
    subnets: ["subnet-a", "subnet-b"],
    security_group_ids: ["sg-1"],
  });
  const [policy] = made.all(IamRolePolicy).filter(({ name }) => name === "network");
  const [, handOver] = JSON.parse(policy.policy).Statement;
  expect(handOver).toMatchObject({
    Action: "ec2:CreateNetworkInterfacePermission",
    Condition: {
      StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com" },
      ArnEquals: {
        "ec2:Subnet": [
          "arn:aws:ec2:eu-west-2:111122223333:subnet/subnet-a",
          "arn:aws:ec2:eu-west-2:111122223333:subnet/subnet-b",
        ],
      },
    },
  });
});
it("starts with the variables of its tag", () => {
  expect(JSON.parse(build().one(SchedulerSchedule).target.input).EnvironmentVariablesOverride).toEqual([
    { Name: "FORCE", Value: "no", Type: "PLAINTEXT" },
    { Name: "ALSO", Value: "x", Type: "PLAINTEXT" },
  ]);
});
