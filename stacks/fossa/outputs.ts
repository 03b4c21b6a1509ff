import type { FossaCluster } from "../../modules/fargate-fossa/fossa-cluster";
import type { FossaGateway } from "../../modules/fargate-fossa/fossa-gateway";

/** What a gateway says of itself outside: the reference's outputs, and the commands that lead on. */
export function gatewayOutputs(gateway: FossaGateway, region: string): Record<string, unknown> {
  const { host, images, passwordSecretArn, vpn, url } = gateway;
  return {
    ...(host && {
      instance_id: host.instanceId,
      public_ip: host.publicIp,
      source_ami_id: host.sourceAmiId,
      ssm_session_command: `aws ssm start-session --region ${region} --target ${host.instanceId}`,
    }),
    ...(url && { gateway_url: url }),
    ...(passwordSecretArn && {
      gateway_user: "fossa",
      gateway_password_command: `aws secretsmanager get-secret-value --region ${region} --secret-id ${passwordSecretArn} --query SecretString --output text`,
    }),
    ...(host &&
      url &&
      !gateway.loadBalancer && { gateway_forward_command: forward(host.instanceId, region), gateway_local_url: LOCAL }),
    ...(images.repository && {
      repository_url: images.repository.repositoryUrl,
      repository_name: images.repository.repositoryName,
    }),
    worker_image: images.workerImageUri,
    ...(images.projectName && {
      build_command: `aws codebuild start-build --region ${region} --project-name ${images.projectName}`,
    }),
    ...(vpn && { vpn_endpoint_id: vpn.endpointId }),
  };
}

/** What a cluster says of itself outside, and how a task is given to a worker. */
export function clusterOutputs(cluster: FossaCluster, gateway: FossaGateway, region: string): Record<string, unknown> {
  const { workers, broker, page } = cluster;
  const { port } = workers;
  const { host } = gateway;
  return {
    cluster_name: cluster.cluster.clusterName,
    worker_service_name: workers.service.serviceName,
    worker_address: `http://${workers.dnsName}:${port}`,
    broker_address: `${broker.host}:${broker.port}`,
    log_group_name: cluster.cluster.logGroupName,
    ...(page && { gateway_url: page.url }),
    ...(host && { submit_command: submit(host.instanceId, region, `http://${workers.dnsName}:${port}/api/0.01/task`) }),
  };
}

/** Where the page is found while `gateway_forward_command` runs. */
const LOCAL = "http://localhost:8080";

const forward = (id: string, region: string) =>
  `aws ssm start-session --region ${region} --target ${id} --document-name AWS-StartPortForwardingSession --parameters portNumber=80,localPortNumber=8080`;

/** Has the gateway host post the example task to one of the workers, of which the name gives another each time. */
function submit(id: string, region: string, url: string): string {
  // a shell of the host reads the command, and a shell here what stands around it
  const task = JSON.stringify({ model_class: "PartitionedExampleEtl" }).replaceAll('"', '\\"');
  const parameters = JSON.stringify({ command: [`curl -sS --json ${task} ${url}`] });
  return `aws ssm start-session --region ${region} --target ${id} --document-name AWS-StartInteractiveCommand --parameters '${parameters}'`;
}
