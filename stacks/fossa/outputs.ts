import {
  portForwardCommand,
  runCommand,
  secretValueCommand,
  sessionCommand,
} from "../../modules/aws/ec2/session-commands";
import type { FossaCluster } from "../../modules/fargate-fossa/fossa-cluster";
import type { FossaGateway } from "../../modules/fargate-fossa/fossa-gateway";

/** Local port of the page while `gateway_forward_command` runs. */
const LOCAL_PORT = 8080;

/** Outputs of a gateway: those of the reference, and the commands to use it. */
export function gatewayOutputs(gateway: FossaGateway, region: string): Record<string, unknown> {
  const { host, images, passwordSecretArn, vpn, url } = gateway;
  return {
    ...(host && {
      instance_id: host.instanceId,
      public_ip: host.publicIp,
      source_ami_id: host.sourceAmiId,
      ssm_session_command: sessionCommand({ region, instanceId: host.instanceId }),
    }),
    ...(url && { gateway_url: url }),
    ...(passwordSecretArn && {
      gateway_user: "fossa",
      gateway_password_command: secretValueCommand(region, passwordSecretArn),
    }),
    ...(host &&
      url &&
      !gateway.loadBalancer && {
        gateway_forward_command: portForwardCommand({ region, instanceId: host.instanceId }, 80, LOCAL_PORT),
        gateway_local_url: `http://localhost:${LOCAL_PORT}`,
      }),
    ...(images.repository && {
      repository_url: images.repository.repositoryUrl,
      repository_name: images.repository.repositoryName,
    }),
    worker_image: images.workerImageUri,
    ...(images.projectName && {
      build_command: `aws codebuild start-build --region ${region} --project-name ${images.projectName}`,
    }),
    ...(vpn && { vpn_endpoint_id: vpn.endpointId }),
    ...(vpn && host && url && !gateway.loadBalancer && { gateway_vpn_url: `http://${host.privateIp}` }),
  };
}

/** Outputs of a cluster, with the command that posts a task to a worker. */
export function clusterOutputs(cluster: FossaCluster, gateway: FossaGateway, region: string): Record<string, unknown> {
  const { workers, broker, page } = cluster;
  const address = `http://${workers.dnsName}:${workers.port}`;
  const { host } = gateway;
  return {
    cluster_name: cluster.cluster.clusterName,
    worker_service_name: workers.service.serviceName,
    worker_address: address,
    broker_address: `${broker.host}:${broker.port}`,
    log_group_name: cluster.cluster.logGroupName,
    ...(page && { gateway_url: page.url }),
    ...(gateway.workerClients.vpn && {
      submit_command: `curl -sS --json '${JSON.stringify(EXAMPLE_TASK)}' ${address}/api/0.01/task`, // through the VPN
    }),
    ...(host && {
      submit_command: runCommand({ region, instanceId: host.instanceId }, post(`${address}/api/0.01/task`)),
    }),
  };
}

const EXAMPLE_TASK = { model_class: "PartitionedExampleEtl" };

/** Shell command that posts the example task to a worker, which DNS picks anew each time. */
function post(url: string): string {
  // the quotes are escaped for the shell of the host
  const task = JSON.stringify(EXAMPLE_TASK).replaceAll('"', '\\"');
  return `curl -sS --json ${task} ${url}`;
}
