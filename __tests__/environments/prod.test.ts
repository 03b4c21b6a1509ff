import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { Ec2ClientVpnAuthorizationRule } from "@cdktf/provider-aws/lib/ec2-client-vpn-authorization-rule";
import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { synthApp } from "../support/synth";

const { ids, stack, text } = synthApp(prod);

it("has every system, without a client network, and the bucket for the state", () => {
  expect(ids).toEqual([
    "prod-dask-agent",
    "prod-dask-container",
    "prod-dask-load-balancing",
    "prod-dask-network",
    "prod-dask-vpn",
    "prod-exadeploy-cluster",
    "prod-exadeploy-module-repo-backend",
    "prod-exadeploy-network",
    "prod-fossa-cluster",
    "prod-fossa-gateway",
    "prod-fossa-network",
    "prod-ml-ec2",
    "prod-portfolio-api",
    "prod-portfolio-data",
    "prod-portfolio-layers",
    "prod-portfolio-website",
    "prod-state",
    "prod-training-compute",
    "prod-training-jobs",
    "prod-training-network",
    "prod-training-storage",
  ]);
});
it("has a NAT gateway in each zone, and flow logs", () => {
  const { all, one } = stack("prod-exadeploy-network");
  expect(all(NatGateway)).toHaveLength(3);
  expect(one(FlowLog).traffic_type).toBe("ALL");
});
it("has what an inquiry after an incident needs: flow logs of every network, and each log for a year", () => {
  const stacks = ids.map(stack);
  expect(stacks.flatMap(({ all }) => all(FlowLog))).toHaveLength(stacks.flatMap(({ all }) => all(Vpc)).length);
  const groups = stacks.flatMap(({ all }) => all(CloudwatchLogGroup));
  const short = groups.filter(({ retention_in_days }) => retention_in_days < 365).map(({ name }) => name);
  expect(short.sort()).toEqual(["/aws/codebuild/prod-fossa-page", "/aws/codebuild/prod-fossa-worker"]); // of builds
  const { enabled_cluster_log_types } = stack("prod-exadeploy-cluster").one(EksCluster);
  expect(enabled_cluster_log_types).toEqual(["api", "audit", "authenticator", "controllerManager", "scheduler"]);
});
it("has a load balancer that is protected and logs who came", () => {
  expect(stack("prod-fossa-cluster").one(Lb)).toMatchObject({
    internal: false,
    enable_deletion_protection: true,
    access_logs: { enabled: true },
  });
});
it("has a protected database in two zones that keeps a last snapshot", () => {
  const expected = { multi_az: true, deletion_protection: true, skip_final_snapshot: false, storage_encrypted: true };
  expect(stack("prod-exadeploy-module-repo-backend").one(DbInstance)).toMatchObject(expected);
});
it("runs GPUs on spot, over several types, with an on-demand pool behind", () => {
  const gpu = stack("prod-exadeploy-cluster")
    .all(EksNodeGroup)
    .filter(({ labels }) => labels?.["nvidia.com/gpu"] === "present");
  const spot = gpu.find(({ capacity_type }) => capacity_type === "SPOT");
  expect(spot?.instance_types.length).toBeGreaterThan(2);
  expect(gpu.map(({ capacity_type }) => capacity_type).sort()).toEqual(["ON_DEMAND", "SPOT"]);
  for (const { scaling_config } of gpu) expect(scaling_config.min_size).toBe(0);
});
it("has the reference's protected training box in three zones, watched and without Jupyter", () => {
  const { one, all, json } = stack("prod-ml-ec2");
  expect(all(Subnet)).toHaveLength(6);
  expect(one(Instance)).toMatchObject({
    instance_type: "t3.large",
    root_block_device: { volume_size: 100 },
    disable_api_termination: true,
  });
  expect(all(CloudwatchMetricAlarm).find(({ metric_name }) => metric_name === "CPUUtilization").threshold).toBe(75);
  for (const { versioning_configuration } of all(S3BucketVersioningA)) {
    expect(versioning_configuration.status).toBe("Enabled");
  }
  expect(json).not.toContain("jupyter.service");
});
it("has workers that follow the queue of a broker in several zones, a page behind TLS, and no single machine", () => {
  expect(stack("prod-fossa-network").all(NatGateway)).toHaveLength(2);
  expect(stack("prod-fossa-gateway").all(Instance)).toEqual([]);
  const { one, all, json } = stack("prod-fossa-cluster");
  expect(all(EcsService).map(({ name }) => name)).toEqual(
    expect.arrayContaining(["prod-fossa-page", "prod-fossa-worker"]),
  );
  expect(all(EcsService)).toHaveLength(2);
  for (const { runtime_platform } of all(EcsTaskDefinition)) expect(runtime_platform.cpu_architecture).toBe("ARM64");
  expect(one(AppautoscalingTarget)).toMatchObject({ min_capacity: 4, max_capacity: 32 });
  expect(json).toContain("CLUSTER_MULTI_AZ");
  expect(
    all(LbListener)
      .map(({ port, protocol }) => `${protocol} ${port}`)
      .sort(),
  ).toEqual(["HTTP 80", "HTTPS 443"]);
  expect(all(CloudwatchDashboard)).toHaveLength(1);
  expect(all(CloudwatchMetricAlarm).length).toBeGreaterThan(1);
});
it("has every layer of Dask: people who sign in, pages by HTTPS, a database in two zones", () => {
  expect(stack("prod-dask-network").all(NatGateway)).toHaveLength(2);
  const { authentication_options } = stack("prod-dask-vpn").one(Ec2ClientVpnEndpoint);
  expect(authentication_options).toEqual([expect.objectContaining({ type: "federated-authentication" })]);
  for (const rule of stack("prod-dask-vpn").all(Ec2ClientVpnAuthorizationRule)) {
    expect(rule).toHaveProperty("access_group_id");
  }
  expect(stack("prod-dask-load-balancing").one(Lb)).toMatchObject({ internal: true, enable_deletion_protection: true });
  expect(stack("prod-dask-agent").one(DbInstance)).toMatchObject({ multi_az: true, deletion_protection: true });
});
it("keeps its state in S3, but for that of the bucket itself, and belongs to one account", () => {
  for (const id of ids) {
    const { parsed } = stack(id);
    expect(Object.keys(parsed.terraform.backend), id).toEqual([id === "prod-state" ? "local" : "s3"]);
    expect(parsed.provider.aws[0].allowed_account_ids, id).toEqual([prod.account]);
  }
});
it("stays in its zones, whichever others AWS adds to the region's list or takes from it", () => {
  const looksUp = (text: string) => text.includes("data.aws_availability_zones");
  const { ids: devIds, text: devText } = synthApp(dev);
  expect(devIds.filter((id) => looksUp(devText(id)))).not.toEqual([]); // a network without azs takes them from the list
  expect(ids.filter((id) => looksUp(text(id)))).toEqual([]);
  const zones = ids.flatMap((id) => stack(id).all(Subnet)).map((subnet) => subnet.availability_zone);
  expect(new Set(zones)).toEqual(new Set(["us-west-2a", "us-west-2b", "us-west-2c"]));
});
