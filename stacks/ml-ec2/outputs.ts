import { portForwardCommand, secretValueCommand, sessionCommand } from "../../modules/aws/ec2/session-commands";
import type { MlEc2 } from "../../modules/ml-ec2/ml-ec2";
import type { Network } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";

/** Outputs of the training machines: those of the reference, and the commands to use them. */
export function mlEc2Outputs(network: Network, mlEc2: MlEc2, { name, region }: BaseSettings): Record<string, unknown> {
  const { datasets, models } = mlEc2.storage;
  return {
    vpc_id: network.vpcId,
    vpc_cidr: network.vpcCidrBlock,
    public_subnet_ids: network.publicSubnetIds,
    private_subnet_ids: network.privateSubnetIds,
    datasets_bucket_name: datasets.bucketName,
    datasets_bucket_arn: datasets.bucketArn,
    datasets_bucket_region: datasets.bucketRegion,
    models_bucket_name: models.bucketName,
    models_bucket_arn: models.bucketArn,
    ml_instance_role_name: mlEc2.role.roleName,
    ml_instance_role_arn: mlEc2.role.roleArn,
    ml_instance_profile_name: mlEc2.role.instanceProfileName,
    ml_instance_security_group_id: mlEc2.securityGroupId,
    iam_policy_document_s3: mlEc2.s3Policy,
    ...instanceOutputs(mlEc2, region),
    ...fleetOutputs(mlEc2),
    ...(mlEc2.jupyterToken && { jupyter_token_command: secretValueCommand(region, mlEc2.jupyterToken.secretArn) }),
    ...(mlEc2.loadBalancer && { load_balancer_url: mlEc2.loadBalancer.url }),
    ...(mlEc2.sharedFiles && { shared_files_id: mlEc2.sharedFiles.fileSystemId }),
    ...(mlEc2.ciRole && { ci_role_arn: mlEc2.ciRole.roleArn }),
    infrastructure_summary: {
      environment: name,
      region,
      vpc_id: network.vpcId,
      instance_ids: mlEc2.instances?.instanceIds ?? [],
      datasets_bucket: datasets.bucketName,
      models_bucket: models.bucketName,
      instance_profile: mlEc2.role.instanceProfileName,
    },
  };
}

/** Outputs of the first machine, as in the reference, which has only one; ids of all if there are more. */
function instanceOutputs({ instances, jupyterToken, tensorboard }: MlEc2, region: string): Record<string, unknown> {
  if (!instances) return {};
  const { instanceIds, instanceArns, privateIps, publicIps } = instances;
  const [id = ""] = instanceIds;
  const target = { region, instanceId: id };
  return {
    ml_instance_id: id,
    ml_instance_arn: instanceArns[0],
    ml_instance_private_ip: privateIps[0],
    ...(publicIps.length > 0 && { ml_instance_public_ip: publicIps[0] }),
    ...(instanceIds.length > 1 && { ml_instance_ids: instanceIds }),
    aws_console_instance_url: `https://${region}.console.aws.amazon.com/ec2/home?region=${region}#InstanceDetails:instanceId=${id}`,
    ssm_session_command: sessionCommand(target),
    ...(jupyterToken && {
      jupyter_url: "http://localhost:8888",
      jupyter_forward_command: portForwardCommand(target, 8888),
    }),
    ...(tensorboard && {
      tensorboard_url: "http://localhost:6006",
      tensorboard_forward_command: portForwardCommand(target, 6006),
    }),
  };
}

const fleetOutputs = ({ fleet }: MlEc2) => (fleet ? { autoscaling_group_name: fleet.autoScalingGroupName } : {});
