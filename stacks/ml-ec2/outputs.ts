import type { MlEc2 } from "../../modules/ml-ec2/ml-ec2";
import type { Network } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";

/** What a training box says of itself outside: the reference's outputs, and the commands that lead to it. */
export function mlEc2Outputs(network: Network, box: MlEc2, { name, region }: BaseSettings): Record<string, unknown> {
  const { datasets, models } = box.storage;
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
    ml_instance_role_name: box.role.roleName,
    ml_instance_role_arn: box.role.roleArn,
    ml_instance_profile_name: box.role.instanceProfileName,
    ml_instance_security_group_id: box.securityGroupId,
    iam_policy_document_s3: box.s3Policy,
    ...instanceOutputs(box, region),
    ...fleetOutputs(box),
    ...(box.jupyterToken && { jupyter_token_command: tokenCommand(box.jupyterToken.secretArn, region) }),
    ...(box.loadBalancer && { load_balancer_url: box.loadBalancer.url }),
    ...(box.sharedFiles && { shared_files_id: box.sharedFiles.fileSystemId }),
    ...(box.ciRole && { ci_role_arn: box.ciRole.roleArn }),
    infrastructure_summary: {
      environment: name,
      region,
      vpc_id: network.vpcId,
      instance_ids: box.instances?.instanceIds ?? [],
      datasets_bucket: datasets.bucketName,
      models_bucket: models.bucketName,
      instance_profile: box.role.instanceProfileName,
    },
  };
}

/** Of the first machine, as the reference has but one; of all where there are more. */
function instanceOutputs({ instances, jupyterToken, tensorboard }: MlEc2, region: string): Record<string, unknown> {
  if (!instances) return {};
  const { instanceIds, instanceArns, privateIps, publicIps } = instances;
  const [id = ""] = instanceIds;
  return {
    ml_instance_id: id,
    ml_instance_arn: instanceArns[0],
    ml_instance_private_ip: privateIps[0],
    ...(publicIps.length > 0 && { ml_instance_public_ip: publicIps[0] }),
    ...(instanceIds.length > 1 && { ml_instance_ids: instanceIds }),
    aws_console_instance_url: `https://${region}.console.aws.amazon.com/ec2/home?region=${region}#InstanceDetails:instanceId=${id}`,
    ssm_session_command: `aws ssm start-session --region ${region} --target ${id}`,
    ...(jupyterToken && { jupyter_url: "http://localhost:8888", jupyter_forward_command: forward(id, region, 8888) }),
    ...(tensorboard && {
      tensorboard_url: "http://localhost:6006",
      tensorboard_forward_command: forward(id, region, 6006),
    }),
  };
}

const fleetOutputs = ({ fleet }: MlEc2) => (fleet ? { autoscaling_group_name: fleet.autoScalingGroupName } : {});

const forward = (id: string, region: string, port: number) =>
  `aws ssm start-session --region ${region} --target ${id} --document-name AWS-StartPortForwardingSession --parameters portNumber=${port},localPortNumber=${port}`;

const tokenCommand = (secretArn: string, region: string) =>
  `aws secretsmanager get-secret-value --region ${region} --secret-id ${secretArn} --query SecretString --output text`;
