import type { Construct } from "constructs";
import { bucketPrefix, PrivateBucket } from "../../modules/aws/storage/private-bucket";
import { sortedEntries } from "../../modules/common/collections";
import type { Places } from "../../modules/common/settings/places";
import { present } from "../../modules/common/settings/present";
import { DaskCluster } from "../../modules/dask/dask-cluster";
import { DaskDashboards } from "../../modules/dask/dask-dashboards";
import { SCHEDULER_PORTS } from "../../modules/dask/dask-security-group";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { ContainerSettings } from "./container-settings";
import type { DaskLayers } from "./load-balancing";
import { containerOutputs } from "./outputs";

/** Where the user writes what the constructs of the stack are given. */
function placesOf(network: string, { dashboards }: ContainerSettings): Places {
  const own = "dask.container";
  const pages = Object.keys(dashboards?.pages ?? {}).map((key) => [
    `dashboard-${key}`,
    `${own}.dashboards.pages.${key}`,
  ]);
  return {
    "": own,
    cluster: { "": `${own}.cluster`, name: "name", network, filesBucket: `${own}.filesBucket` },
    files: `${own}.filesBucket`,
    dashboards: { "": `${own}.dashboards.registrar`, name: "name", dashboards: `${own}.dashboards.pages` },
    ...Object.fromEntries(pages),
  };
}

/** Where Dask's clusters run. */
export class DaskContainerStack extends BaseStack {
  readonly cluster: DaskCluster;
  /** Undefined without `dashboards`. */
  readonly dashboards: DaskDashboards | undefined;

  constructor(scope: Construct, environment: BaseSettings, layers: DaskLayers, settings: ContainerSettings) {
    super(scope, environment, {
      system: "dask",
      layer: "container",
      description: "ECS cluster on Fargate for Dask",
      places: placesOf(layers.network.networkPlace, settings),
    });
    const { network, vpn } = layers;
    const { buckets, tags, ...cluster } = settings.cluster;
    const name = `${environment.name}-dask`;
    const filesBucket = new PrivateBucket(this, "files", {
      forceDestroy: true, // what it holds, an apply writes again
      ...settings.filesBucket,
      ...(settings.filesBucket.bucket === undefined && { bucketPrefix: bucketPrefix(name, "files") }),
    });
    this.cluster = new DaskCluster(this, "cluster", {
      ...cluster,
      name,
      network: network.network,
      allowedFrom: vpn ? { vpn } : {},
      filesBucket,
      buckets: { output: flowBucket(network.outputBucket), model: flowBucket(network.modelBucket), ...buckets },
      tags: { ...this.tags, ...tags },
    });
    this.dashboards = settings.dashboards && this.showDashboards(name, layers, settings.dashboards);
    this.publish(containerOutputs(this.cluster, environment.region));
  }

  /** A target group for each dashboard, and the function that registers the schedulers. */
  private showDashboards(
    name: string,
    { loadBalancer }: DaskLayers,
    { pages, registrar }: NonNullable<ContainerSettings["dashboards"]>,
  ): DaskDashboards {
    const balancer = present(this, "dashboards", loadBalancer, "must be left out without loadBalancing, got settings");
    const targets = sortedEntries(pages).map(([key, { clusterPrefix, ...page }]) => {
      const { targetGroupArn } = balancer.addTarget(this, `dashboard-${key}`, {
        ...page,
        port: SCHEDULER_PORTS.toPort,
        targetSecurityGroupId: this.cluster.securityGroupId,
        healthCheckPath: "/health",
      });
      return [key, { clusterPrefix, targetGroupArn }] as const;
    });
    return new DaskDashboards(this, "dashboards", {
      ...registrar,
      name: `${name}-dashboards`,
      cluster: this.cluster,
      dashboards: Object.fromEntries(targets),
    });
  }
}

const flowBucket = ({ bucketArn, kmsKeyArn }: PrivateBucket) => ({ bucketArn, kmsKeyArn });
