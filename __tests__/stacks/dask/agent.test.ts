import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { beforeAll, describe, expect, it } from "vitest";
import { dev } from "../../../environments/dev";
import { defineEnvironment } from "../../../stacks/environment";
import { publishedOutputs, type read, synthApp } from "../../support/synth";
import { wrongLines } from "../wrong-settings.fixture";
import { daskConfigurations } from "./configurations.fixture";

const { lake, lodger, spare } = daskConfigurations;

describe("the agent stack", () => {
  let app: ReturnType<typeof synthApp>;
  let own: ReturnType<typeof read>;
  beforeAll(() => {
    app = synthApp(lake, lodger, spare, { ...dev, exadeploy: undefined, mlEc2: undefined, fossa: undefined });
    own = app.stack("lake-dask-agent");
  });

  it("has a service for each worker and the server", () => {
    expect(
      own
        .all(EcsService)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["lake-prefect-dev", "lake-prefect-prod", "lake-prefect-server"]);
  });
  it("lets flows start Dask clusters and reach them, by what the container layer made", () => {
    const policies = own.all(IamRolePolicyAttachment).map(({ policy_arn }) => policy_arn);
    expect(policies.filter((arn) => arn.includes("terraform_remote_state"))).toHaveLength(2);
    const rules = own.all(VpcSecurityGroupIngressRule).filter(({ to_port }) => to_port === 8787);
    expect(rules).toHaveLength(1);
    expect(rules[0].security_group_id).toContain("terraform_remote_state");
  });
  it("stands behind the load balancer that it is given", () => {
    expect(own.one(LbListenerRule).listener_arn).toContain("terraform_remote_state");
    expect(own.all(ServiceDiscoveryPrivateDnsNamespace)).toEqual([]);
  });
  it("gives the server a private name where there is no load balancer, and lets in workers and flows alone", () => {
    const alone = app.stack("dev-dask-agent");
    expect(alone.one(ServiceDiscoveryPrivateDnsNamespace).name).toBe("dev-prefect.internal");
    const rules = alone.all(VpcSecurityGroupIngressRule).filter(({ from_port }) => from_port === 4200);
    expect(rules.map(({ description }) => description).sort()).toEqual(["flows", "workers"]);
  });
  it("lets workers and flow runs through a load balancer that is for another network alone", () => {
    const narrow = synthApp(
      defineEnvironment({
        name: "narrow",
        region: "us-west-2",
        dask: {
          loadBalancing: { allowedCidrs: ["192.168.0.0/16"] },
          agent: { server: {}, workers: [{ name: "only", workPool: "only" }] },
        },
      }),
    ).stack("narrow-dask-agent");
    const rules = narrow.all(VpcSecurityGroupIngressRule).filter(({ from_port }) => from_port === 80);
    expect(rules.map(({ description }) => description).sort()).toEqual(["flows", "workers"]);
    for (const { security_group_id } of rules) expect(security_group_id).toContain("terraform_remote_state");
  });
  it("uses another API without a trace of a server", () => {
    const cloud = app.stack("lodger-dask-agent");
    expect(cloud.all(EcsService)).toHaveLength(1);
    expect(Object.keys(cloud.parsed.resource)).not.toContain("aws_db_instance");
    expect(publishedOutputs(cloud)).not.toContain("prefect_url");
  });
  it("is not there where it is left out", () => {
    expect(app.ids.filter((id) => id.startsWith("spare")).sort()).not.toContain("spare-dask-agent");
  });
  it("writes each pool's template to a bucket that flows cannot write to", () => {
    expect(own.all(S3Object)).toHaveLength(2);
    expect(own.all(S3Object)[0].bucket).toMatch(/aws_s3_bucket\.files/);
  });
  it("sounds alarms where asked", () => {
    const names = own.all(CloudwatchMetricAlarm).map(({ alarm_name }) => alarm_name);
    expect(names).toEqual(
      expect.arrayContaining([
        "lake-prefect-prod-no-tasks",
        "lake-prefect-server-no-tasks",
        "lake-prefect-ecs-events-dead-letter",
      ]),
    );
  });
  it("publishes what people and deployments need", () => {
    expect(publishedOutputs(own)).toEqual([
      "base_job_template_uris",
      "base_job_templates",
      "cluster_arn",
      "database_address",
      "database_secret_arn",
      "event_queue_name",
      "flow_execution_role_arn",
      "flow_security_group_id",
      "flow_task_role_arns",
      "prefect_api_url",
      "prefect_auth_secret_arn",
      "prefect_url",
      "service_names",
      "work_pool_commands",
      "worker_task_role_arns",
    ]);
  });
});

it("leaves room for Prefect's tags, and says so by the user's own", () => {
  const linesOf = (count: number) =>
    wrongLines(
      defineEnvironment({
        name: "many",
        region: "us-west-2",
        tags: Object.fromEntries(Array.from({ length: count }, (_, index) => [`Tag${index}`, "a"])),
        dask: { agent: { server: {}, workers: [{ name: "only", workPool: "only" }] } },
      }),
    );
  expect(linesOf(26)).toEqual([]);
  expect(linesOf(27)).toEqual([
    "many: tags: must have at most 30 tags with those that the stacks set, as Prefect adds its own, got 31",
  ]);
});
