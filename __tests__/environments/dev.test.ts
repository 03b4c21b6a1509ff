import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { synthApp } from "../support/synth";

const { ids, stack } = synthApp(dev);

it("has every system", () => {
  expect(ids).toEqual([
    "dev-dask-agent",
    "dev-dask-container",
    "dev-dask-network",
    "dev-exadeploy-client-network",
    "dev-exadeploy-cluster",
    "dev-exadeploy-module-repo-backend",
    "dev-exadeploy-network",
    "dev-exadeploy-peering",
    "dev-fossa-cluster",
    "dev-fossa-gateway",
    "dev-fossa-network",
    "dev-ml-ec2",
    "dev-portfolio-api",
    "dev-portfolio-data",
    "dev-portfolio-layers",
    "dev-portfolio-website",
    "dev-training-compute",
    "dev-training-jobs",
    "dev-training-network",
    "dev-training-storage",
  ]);
});
it("is the reference's basic example", () => {
  expect(stack("dev-exadeploy-network").one(Vpc).cidr_block).toBe("10.255.0.0/16");
  expect(stack("dev-exadeploy-client-network").one(Vpc).cidr_block).toBe("10.0.0.0/16");
  const groups = stack("dev-exadeploy-cluster").all(EksNodeGroup);
  const runners = groups.filter(({ labels }) => labels?.role === "runner");
  const [gpu, cpu] = runners.sort((a, b) => (a.capacity_type < b.capacity_type ? -1 : 1));
  expect(cpu).toMatchObject({ capacity_type: "SPOT", scaling_config: { min_size: 1, max_size: 4 } });
  expect(gpu).toMatchObject({
    capacity_type: "ON_DEMAND",
    instance_types: ["g4dn.xlarge"],
    scaling_config: { min_size: 0, max_size: 3 },
    labels: { "k8s.amazonaws.com/accelerator": "nvidia-tesla-t4" },
  });
  expect(groups).toHaveLength(6);
});
it("is cheap and easy to destroy", () => {
  expect(stack("dev-exadeploy-network").all(NatGateway)).toHaveLength(1);
  const expected = { deletion_protection: false, skip_final_snapshot: true, multi_az: false };
  expect(stack("dev-exadeploy-module-repo-backend").one(DbInstance)).toMatchObject(expected);
});
it("has Dask without what is billed by the hour and can be done without", () => {
  const { all, one } = stack("dev-dask-network");
  expect([all(NatGateway), all(VpcEndpoint).filter(({ subnet_ids }) => subnet_ids)]).toEqual([[], []]);
  expect(one(Instance).instance_type).toBe("t4g.nano");
  expect(stack("dev-dask-agent").one(DbInstance)).toMatchObject({
    instance_class: "db.t4g.micro",
    multi_az: false,
    deletion_protection: false,
    skip_final_snapshot: true,
  });
});
it("has the reference's small training box for notebooks", () => {
  const { one, all, json } = stack("dev-ml-ec2");
  expect(one(Instance)).toMatchObject({ instance_type: "t3.small", root_block_device: { volume_size: 30 } });
  expect(all(CloudwatchMetricAlarm)).toEqual([]);
  expect(all(VpcSecurityGroupIngressRule)).toEqual([]);
  for (const { versioning_configuration } of all(S3BucketVersioningA)) {
    expect(versioning_configuration.status).toBe("Suspended");
  }
  expect(json).toContain("ML_WORKLOAD_TYPE=notebook");
});
it("has two of Fossa's workers, with the reference's broker, behind one host that is all the rest", () => {
  const { one, all, json } = stack("dev-fossa-gateway");
  expect(one(Instance)).toMatchObject({ instance_type: "t3.small", source_dest_check: false });
  expect(one(EcrRepository)).toMatchObject({ force_delete: true, image_tag_mutability: "IMMUTABLE" });
  expect([...all(NatGateway), ...all(Lb)]).toEqual([]);
  expect(one(CloudwatchMetricAlarm).alarm_actions).toEqual([expect.stringMatching(/:ec2:recover$/)]);
  expect(json).toContain("POST_ENABLED=false");
  const counts = stack("dev-fossa-cluster")
    .all(EcsService)
    .map(({ name, desired_count }) => [name, desired_count]);
  expect(Object.fromEntries(counts)).toEqual({ "dev-fossa-worker": 2, "dev-fossa-broker": 1 });
});
it("keeps its state on this machine", () => {
  expect(Object.keys(stack("dev-exadeploy-cluster").parsed.terraform.backend)).toEqual(["local"]);
});
