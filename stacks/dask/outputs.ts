import type { DaskCluster } from "../../modules/dask/dask-cluster";

/** Outputs of the container layer: what a client needs, and the commands that write its configuration. */
export function containerOutputs(cluster: DaskCluster, region: string): Record<string, unknown> {
  const { files } = cluster;
  const folder = "~/.config/dask"; // where Dask looks for its configuration
  const copy = (uri: string, to: string) => `aws s3 cp --region ${region} ${uri} ${to}`;
  return {
    cluster_arn: cluster.clusterArn,
    cluster_name: cluster.clusterName,
    execution_role_arn: cluster.executionRoleArn,
    task_role_arn: cluster.taskRoleArn,
    security_group_id: cluster.securityGroupId,
    subnet_ids: cluster.subnetIds,
    vpc_id: cluster.vpcId,
    log_group_name: cluster.logGroupName,
    client_policy_arn: cluster.clientPolicyArn,
    image: cluster.image,
    dask_config: cluster.configYaml,
    dask_arguments: cluster.callArguments,
    ...(files && {
      dask_config_uri: files.configUri,
      dask_config_command: `mkdir -p ${folder} && ${copy(files.configUri, `${folder}/cloudprovider.yaml`)}`,
      dask_helper_command: copy(files.helperUri, "."),
    }),
  };
}
