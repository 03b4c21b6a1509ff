import { TerraformOutput, type TerraformStack } from "cdktf";
import { DaskCluster, type DaskClusterProps } from "../../../modules/dask/dask-cluster";
import { synth } from "../../support/synth";

export const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
export const OTHER_KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e60";
export const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
export const BUCKET = { bucketName: "dev-dask-files", bucketArn: "arn:aws:s3:::dev-dask-files" };
export const NETWORK = { vpcId: "vpc-0123456789abcdef0", privateSubnetIds: ["subnet-0aaaaaaa", "subnet-0bbbbbbb"] };

/** A layer on what exists already. */
export const MINIMAL: DaskClusterProps = { name: "dev-dask", network: NETWORK };

/** What a cluster tells. */
const FIELDS = [
  ...(["clusterName", "clusterArn", "executionRoleArn", "taskRoleArn", "taskRoleName", "securityGroupId"] as const),
  ...(["subnetIds", "vpcId", "logGroupName", "logGroupArn", "image", "clientPolicyArn", "config"] as const),
  ...(["configYaml", "callArguments"] as const),
];

/** A cluster of these settings in a stack of its own; its outputs are what it tells. */
export const build = (
  props: Partial<DaskClusterProps> = {},
  use: (stack: TerraformStack, cluster: DaskCluster) => void = () => {},
) =>
  synth((scope) => {
    const cluster = new DaskCluster(scope, "dask", { ...MINIMAL, ...props });
    for (const key of FIELDS) new TerraformOutput(scope, key, { value: cluster[key], staticId: true });
    for (const key of ["configUri", "helperUri"] as const) {
      new TerraformOutput(scope, key, { value: cluster.files?.[key] ?? "none", staticId: true });
    }
    use(scope, cluster);
  });
