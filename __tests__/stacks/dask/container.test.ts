import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { type Json, synthApp } from "../../support/synth";

const CERTIFICATE = "arn:aws:acm:us-east-2:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const KEY = "arn:aws:kms:us-east-2:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const build = (dask: EnvironmentSettings["dask"]) =>
  synthApp(defineEnvironment({ name: "dev", region: "us-east-2", state: { kind: "local", directory: "state" }, dask }));
const container = (dask: EnvironmentSettings["dask"]) => build(dask).stack("dev-dask-container");

it("stands without a VPN and a load balancer, of which it then has no trace", () => {
  const app = build({});
  expect(app.ids).toEqual(["dev-dask-container", "dev-dask-network"]);
  const stack = app.stack("dev-dask-container");
  expect(stack.one(EcsCluster).name).toBe("dev-dask");
  expect(stack.json).not.toMatch(/aws_lb|vpn|load-balancing/);
  expect(stack.all(VpcSecurityGroupIngressRule)).toHaveLength(1); // among themselves
});
it("takes settings of the cluster, and tags what clients start as the stack", () => {
  const stack = container({ container: { cluster: { workers: { cpu: 1024, memory: 2048 }, tags: { Team: "data" } } } });
  const { value } = stack.outputs.dask_config ?? {};
  expect(value).toContain('"worker_mem" = 2048');
  for (const tag of ['"Team" = "data"', '"Stack" = "dev-dask-container"', '"Environment" = "dev"']) {
    expect(value).toContain(tag);
  }
});
it("lets tasks use the buckets of the flows with their keys, and others that are named", () => {
  const stack = container({
    outputBucket: { kmsKeyArn: KEY },
    container: { cluster: { buckets: { lake: { bucketArn: "arn:aws:s3:::lake", access: "read" } } } },
  });
  const [task] = stack.all(IamRolePolicy).filter(({ name }) => name === "task");
  const statements: Json[] = JSON.parse(task.policy).Statement;
  const of = (sid: string) => statements.find(({ Sid }) => Sid === sid);
  expect(of("Buckets").Resource).toHaveLength(3);
  expect(of("Read").Resource).toEqual(["arn:aws:s3:::lake/*"]);
  expect(of("ReadAndWrite").Resource).toHaveLength(2);
  expect(of("Encrypt").Resource).toEqual([KEY]);
});
it("publishes what a client needs, and how to get it", () => {
  const { outputs } = container({});
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining([
      ...["cluster_arn", "cluster_name", "execution_role_arn", "task_role_arn", "security_group_id", "subnet_ids"],
      ...["vpc_id", "log_group_name", "client_policy_arn", "image", "dask_config", "dask_config_uri"],
      ...["dask_arguments", "dask_config_command", "dask_helper_command"],
    ]),
  );
});
it("keeps configuration and helper in a bucket of its own", () => {
  const bucket = (filesBucket: object) => container({ container: { filesBucket } }).one(S3Bucket);
  expect(bucket({})).toMatchObject({ bucket_prefix: "dev-dask-files-", force_destroy: true });
  expect(bucket({ bucket: "my-files", forceDestroy: false })).toMatchObject({
    bucket: "my-files",
    force_destroy: false,
  });
});
it("lets people on the VPN reach the schedulers", () => {
  const app = build({ vpn: { serverCertificateArn: CERTIFICATE, rootCertificateChainArn: CERTIFICATE } });
  const rules = app.stack("dev-dask-container").all(VpcSecurityGroupIngressRule);
  expect(rules).toContainEqual(
    expect.objectContaining({
      description: "vpn",
      referenced_security_group_id: expect.stringContaining("dev-dask-vpn"),
      from_port: 8786,
      to_port: 8787,
    }),
  );
});
it("shows dashboards behind the load balancer, each with a target group and a rule", () => {
  const stack = container({
    loadBalancing: {},
    container: {
      dashboards: {
        pages: {
          train: { hosts: ["train.example.com"], clusterPrefix: "train-" },
          all: { hosts: ["dask.example.com"], priority: 7 },
        },
        registrar: { tracing: false },
      },
    },
  });
  expect(stack.all(LbTargetGroup)).toHaveLength(2);
  for (const group of stack.all(LbTargetGroup)) {
    expect(group).toMatchObject({ port: 8787, target_type: "ip", health_check: { path: "/health" } });
  }
  expect(stack.all(LbListenerRule).map(({ priority }) => priority)).toContain(7);
  const [registrar] = stack.all(LambdaFunction).filter(({ function_name }) => function_name === "dev-dask-dashboards");
  expect(registrar.tracing_config).toEqual({ mode: "PassThrough" });
  const { dashboards } = JSON.parse(registrar.environment.variables.DASHBOARDS);
  expect(dashboards.map(({ prefix }: Json) => prefix)).toEqual(["", "train-"]);
  const dashboard = stack.all(VpcSecurityGroupIngressRule).filter(({ from_port }) => from_port === 8787);
  expect(dashboard).toHaveLength(1); // for both pages, since EC2 refuses a rule twice
});
it("takes nobody in by address", () => {
  const { json } = container({ loadBalancing: {}, container: { dashboards: { pages: { a: { hosts: ["a.b.c"] } } } } });
  const ingress = JSON.stringify(JSON.parse(json).resource.aws_vpc_security_group_ingress_rule);
  expect(ingress).not.toMatch(/cidr|0\.0\.0\.0|::\/0/);
});
it.each([
  [
    { container: { dashboards: { pages: { a: { hosts: ["a.b.c"] } } } } },
    "dev: dask.container.dashboards: must be left out without loadBalancing",
  ],
  [
    { loadBalancing: {}, container: { dashboards: { pages: {} } } },
    "dev: dask.container.dashboards.pages: must have 1 to 10 dashboards, got 0",
  ],
  [
    { loadBalancing: {}, container: { dashboards: { pages: { a: { hosts: [] } } } } },
    "dask.container.dashboards.pages.a.hosts: must have at least one host, got none",
  ],
  [
    { loadBalancing: {}, container: { dashboards: { pages: { A: { hosts: ["a.b.c"] } } } } },
    "dask.container.dashboards.pages.A: must be 1 to 32 lower-case letters",
  ],
  [{ container: { cluster: { spot: true } } }, "dev: dask.container.cluster.spot: unknown key"],
  [{ container: { workers: {} } }, "dask.container.workers: unknown key"],
  [{ network: { nat: "none" } }, "dev: dask.container.cluster.image: must be in ECR"],
] as [never, string][])("refuses %j", (dask, message) => {
  expect(() => build(dask)).toThrow(message);
});
