import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { expect, it } from "vitest";
import { refTo } from "../../support/synth";
import { build, NETWORK } from "./dask.fixture";

it("has all that FargateCluster asks for under cloudprovider.ecs", () => {
  expect(build().outputs.config.value).toEqual({
    cloudprovider: {
      ecs: {
        region_name: expect.stringMatching(/^\$\{data\.aws_region\.[\w-]+\.id\}$/),
        cluster_arn: refTo(EcsCluster, "arn"),
        execution_role_arn: refTo(IamRole, "arn"),
        task_role_arn: refTo(IamRole, "arn"),
        cloudwatch_logs_group: refTo(CloudwatchLogGroup, "name"),
        vpc: NETWORK.vpcId,
        subnets: NETWORK.privateSubnetIds,
        security_groups: [refTo(SecurityGroup, "id")],
        fargate_scheduler: true,
        fargate_workers: true,
        fargate_spot: true,
        fargate_use_private_ip: true,
        platform_version: "1.4.0",
        image: "ghcr.io/dask/dask:2026.3.0",
        cpu_architecture: "X86_64",
        scheduler_cpu: 1024,
        scheduler_mem: 4096,
        scheduler_timeout: "5 minutes",
        worker_cpu: 4096,
        worker_mem: 16_384,
        n_workers: 0,
        skip_cleanup: true,
        tags: { DaskCluster: "dev-dask" },
        environment: {},
      },
    },
  });
});
it("is the same as YAML, whatever the order of tags", () => {
  const yaml = (tags: Record<string, string>) => build({ tags }).outputs.configYaml.value;
  expect(yaml({ B: "2", A: "1" })).toBe(yaml({ A: "1", B: "2" }));
  expect(yaml({ A: "1" })).toMatch(/^\$\{yamlencode\(\{"cloudprovider" = \{"ecs" = \{/);
});
it("says what a caller of the library has to pass himself", () => {
  const told = (props: Parameters<typeof build>[0]) => build(props).outputs.callArguments.value;
  expect(told({})).toBe("fargate_use_private_ip=True");
  expect(told({ architecture: "ARM64", executeCommand: true })).toBe(
    'fargate_use_private_ip=True, cpu_architecture="ARM64", scheduler_task_kwargs={"enableExecuteCommand": True}, ' +
      'worker_task_kwargs={"enableExecuteCommand": True}',
  );
});
it("starts tasks with ECS Exec where asked", () => {
  const { ecs } = build({ executeCommand: true }).outputs.config.value.cloudprovider;
  expect(ecs).toMatchObject({
    scheduler_task_kwargs: { enableExecuteCommand: true },
    worker_task_kwargs: { enableExecuteCommand: true },
  });
});
