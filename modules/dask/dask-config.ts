import { sortedEntries } from "../common/collections";
import type { DaskDefaults } from "./dask-settings";

/** What a client has to know of the layer. */
export interface DaskPlace {
  /** Literal name of the cluster, the tag by which the sweeper knows what belongs to it. */
  name: string;
  region: string;
  clusterArn: string;
  executionRoleArn: string;
  taskRoleArn: string;
  logGroupName: string;
  vpcId: string;
  subnetIds: string[];
  securityGroupId: string;
}

/** Tag of everything that clients start on a cluster of this layer. */
export const CLUSTER_TAG = "DaskCluster";

/** Dask's configuration for dask-cloudprovider, which reads it under the key `cloudprovider.ecs`. */
export interface DaskConfig {
  cloudprovider: { ecs: Record<string, unknown> };
}

/**
 * Configuration with which `FargateCluster` finds all that the layer made. The library ignores three of the keys, which the
 * helper passes as arguments: `fargate_use_private_ip`, `cpu_architecture` and the two of `_task_kwargs`.
 */
export function daskConfig(place: DaskPlace, settings: DaskDefaults): DaskConfig {
  const { scheduler, workers, environment, executeCommand } = settings;
  const exec = { enableExecuteCommand: true };
  return {
    cloudprovider: {
      ecs: {
        region_name: place.region,
        cluster_arn: place.clusterArn,
        execution_role_arn: place.executionRoleArn,
        task_role_arn: place.taskRoleArn,
        cloudwatch_logs_group: place.logGroupName,
        vpc: place.vpcId,
        subnets: place.subnetIds,
        security_groups: [place.securityGroupId],
        fargate_scheduler: true,
        fargate_workers: true,
        fargate_spot: workers.spot,
        fargate_use_private_ip: true,
        platform_version: "1.4.0", // the only one for Linux; Source: ECS Developer Guide, "Fargate platform versions"
        image: settings.image,
        cpu_architecture: settings.architecture,
        scheduler_cpu: scheduler.cpu,
        scheduler_mem: scheduler.memory,
        scheduler_timeout: `${scheduler.idleMinutes} minutes`,
        worker_cpu: workers.cpu,
        worker_mem: workers.memory,
        ...(workers.threads !== undefined && { worker_nthreads: workers.threads }),
        n_workers: workers.count,
        // the library's own would deregister the definitions of clusters that run
        skip_cleanup: true,
        tags: { ...Object.fromEntries(sortedEntries(settings.tags)), [CLUSTER_TAG]: place.name },
        environment: Object.fromEntries(sortedEntries(environment)),
        ...(executeCommand && { scheduler_task_kwargs: exec, worker_task_kwargs: exec }),
      },
    },
  };
}

/** Arguments that callers of the library itself have to pass, as Python. */
export const daskArguments = ({ architecture, executeCommand }: DaskDefaults): string =>
  [
    "fargate_use_private_ip=True",
    ...(architecture === "X86_64" ? [] : [`cpu_architecture="${architecture}"`]),
    ...(executeCommand
      ? ["scheduler", "worker"].map((task) => `${task}_task_kwargs={"enableExecuteCommand": True}`)
      : []),
  ].join(", ");
