import type { Construct } from "constructs";
import { AlertTopic } from "../../modules/aws/cloudwatch/alert-topic";
import { EcsCluster } from "../../modules/aws/ecs/ecs-cluster";
import { bucketPrefix, PrivateBucket } from "../../modules/aws/storage/private-bucket";
import type { Places } from "../../modules/common/settings/places";
import { PrefectServer } from "../../modules/prefect/prefect-server";
import { PrefectWorkers } from "../../modules/prefect/prefect-workers";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { AgentSettings } from "./agent-settings";
import type { DaskContainerStack } from "./container";
import type { DaskLayers } from "./load-balancing";

/** Where the user writes what the constructs of the stack are given. */
const placesOf = (network: string): Places => {
  const own = "dask.agent.server.host";
  const around = { name: "name", region: "region", vpcId: network, subnetIds: network, privateReach: network };
  return {
    "": "dask.agent",
    alerts: { "": "dask.agent", emails: "dask.agent.alertEmails" },
    cluster: { "": "dask.agent.cluster", name: "name" },
    server: { "": "dask.agent.server", ...around },
    // its rule on the load balancer, of which a user has the host only
    "server/prefect": { "": "dask.agent.server", hosts: own, "hosts.*": own, paths: own, priority: own },
    prefect: { "": "dask.agent", ...around, templateBucket: "dask.agent.filesBucket", tags: "tags" },
    files: "dask.agent.filesBucket",
  };
};

/** Where Prefect's workers run, the flows that they start, and optionally the server that they ask. */
export class DaskAgentStack extends BaseStack {
  readonly workers: PrefectWorkers;
  /** Undefined where another API is used. */
  readonly server: PrefectServer | undefined;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    layers: DaskLayers & { container: DaskContainerStack },
    { api, server, cluster: clusterSettings, alarms, alertEmails, filesBucket, ...settings }: AgentSettings,
  ) {
    super(scope, environment, {
      system: "dask",
      layer: "agent",
      description: "Prefect's workers on Fargate and the roles of their flows",
      places: placesOf(layers.network.networkPlace),
    });
    const { network, outputBucket, modelBucket } = layers.network;
    const { cluster: dask } = layers.container;
    const name = `${environment.name}-prefect`;
    const place = { vpcId: network.vpcId, subnetIds: network.privateSubnetIds, privateReach: network.privateReach };
    const topic = alarms ? new AlertTopic(this, "alerts", { prefix: name, emails: alertEmails }) : undefined;
    const alarmTopicArns = topic && [topic.arn];
    const cluster = new EcsCluster(this, "cluster", { name, ...clusterSettings });
    this.server =
      server &&
      new PrefectServer(this, "server", {
        ...server,
        ...place,
        name,
        region: environment.region,
        cluster,
        loadBalancer: layers.loadBalancer,
        alarmTopicArns,
      });
    this.workers = new PrefectWorkers(this, "prefect", {
      ...settings,
      ...place,
      name,
      cluster,
      // workers and flow runs read the auth string of a server of the system's own
      secretsKmsKeyArns: [...settings.secretsKmsKeyArns, ...(server?.kmsKeyArn ? [server.kmsKeyArn] : [])],
      api: api ?? this.ownApi(),
      dask: {
        securityGroupId: dask.securityGroupId,
        clientPolicyArn: dask.clientPolicyArn,
        ...(dask.files && { environment: { DASK_CLUSTER_CONFIG: dask.files.configUri } }),
      },
      buckets: { output: outputBucket, model: modelBucket },
      templateBucket: this.filesBucket(name, filesBucket),
      alarmTopicArns,
      tags: { ...this.tags },
    });
    this.admitClients(layers.loadBalancer);
    this.report(cluster);
  }

  /** Lets workers and flow runs in where the server is: behind the load balancer, or alone. */
  private admitClients(loadBalancer: DaskLayers["loadBalancer"]): void {
    if (!this.server) return;
    const { securityGroup: workers, flows } = this.workers;
    if (loadBalancer) loadBalancer.admit(this, { workers, flows });
    else this.server.admit({ workers, flows });
  }

  /** Apart from the buckets of the flows, which could change the templates there. */
  private filesBucket(name: string, settings: AgentSettings["filesBucket"]): PrivateBucket {
    return new PrivateBucket(this, "files", {
      forceDestroy: true, // what it holds, an apply writes again
      ...settings,
      ...(settings.bucket === undefined && { bucketPrefix: bucketPrefix(name, "files") }),
    });
  }

  private ownApi() {
    const { apiUrl = "", authStringValueFrom } = this.server ?? {};
    return { url: apiUrl, authStringSecretArn: authStringValueFrom };
  }

  private report(cluster: EcsCluster): void {
    const { workers, pools, flows, events } = this.workers;
    const each = <T, V>(map: Readonly<Record<string, T>>, value: (item: T) => V) =>
      Object.fromEntries(Object.entries(map).map(([key, item]) => [key, value(item)]));
    this.publish({
      cluster_arn: cluster.clusterArn,
      service_names: each(workers, ({ service }) => service.serviceName),
      worker_task_role_arns: each(workers, ({ service }) => service.taskRoleArn),
      flow_execution_role_arn: flows.executionRoleArn,
      flow_task_role_arns: each(pools, ({ taskRoleArn }) => taskRoleArn),
      flow_security_group_id: flows.securityGroupId,
      event_queue_name: events.queueName,
      base_job_templates: each(pools, ({ baseJobTemplate }) => baseJobTemplate),
      base_job_template_uris: each(pools, ({ templateUri }) => templateUri),
      work_pool_commands: each(pools, ({ command }) => command),
    });
    const { server } = this;
    if (!server) return;
    this.publish({
      prefect_url: server.url,
      prefect_api_url: server.apiUrl,
      database_address: server.database.instance.address,
      database_secret_arn: server.database.instance.masterUserSecret.get(0).secretArn,
      ...(server.authSecretArn && { prefect_auth_secret_arn: server.authSecretArn }),
    });
  }
}
