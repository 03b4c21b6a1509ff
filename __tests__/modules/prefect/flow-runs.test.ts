import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { FlowRuns, type FlowRunsProps } from "../../../modules/prefect/flow-runs";
import { synth } from "../../support/synth";
import { DASK, SECRET, statementsOf } from "./prefect.fixture";

const build = (some: Partial<FlowRunsProps> = {}) =>
  synth(
    (stack) =>
      new FlowRuns(stack, "flows", {
        name: "dev",
        region: "us-east-1",
        vpcId: "vpc-1",
        secretArns: [],
        secretsKmsKeyArns: [],
        dask: undefined,
        ...some,
      }),
  );

it("starts flows with ECS's own policy, by tasks of this account alone", () => {
  const { one, all } = build();
  const [{ Principal, Condition }] = JSON.parse(one(IamRole).assume_role_policy).Statement;
  expect(Principal).toEqual({ Service: "ecs-tasks.amazonaws.com" });
  expect(Object.keys(Condition)).toEqual(["StringEquals", "ArnLike"]);
  expect(one(IamRolePolicyAttachment).policy_arn).toMatch(/AmazonECSTaskExecutionRolePolicy$/);
  expect(all(VpcSecurityGroupIngressRule)).toEqual([]);
  expect(one(VpcSecurityGroupEgressRule).cidr_ipv4).toBe("0.0.0.0/0");
});
it("reads the secrets that it is told", () => {
  expect(statementsOf(build({ secretArns: [SECRET] }), "flows", "secrets")).toEqual([
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [SECRET] },
  ]);
});
it("opens the schedulers of Dask to flows", () => {
  expect(build({ dask: DASK }).one(VpcSecurityGroupIngressRule)).toMatchObject({
    security_group_id: DASK.securityGroupId,
    ip_protocol: "tcp",
    from_port: 8786,
    to_port: 8787,
  });
});
