import { Annotations } from "cdktf";
import type { Construct } from "constructs";
import type { Cluster } from "../../modules/cluster/cluster";
import type { Places } from "../../modules/common/settings/places";
import { onePerZone } from "../../modules/common/zones";
import {
  EXADEPLOY_PODS,
  Exadeploy,
  type ExadeploySettings as ReleaseSettings,
} from "../../modules/exadeploy/exadeploy";
import { KubePlatform, type KubePlatformSettings } from "../../modules/kube/kube-platform";
import { nodePools } from "../../modules/kube/pool-scheduling";
import type { ModuleRepoBackend } from "../../modules/module-repo-backend/module-repo-backend";
import type { Network } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { ExadeploySettings } from "./settings";

/** Kubernetes layer of one cluster; a separate stack, since its providers need an existing cluster. */
export class ExadeployKubeStack extends BaseStack {
  constructor(
    scope: Construct,
    environment: BaseSettings,
    { network, cluster, backend }: { network: Network; cluster: Cluster; backend: ModuleRepoBackend | undefined },
    settings: ExadeploySettings,
  ) {
    super(scope, environment, {
      system: "exadeploy",
      layer: "kube",
      description: "Platform in the cluster: GPU software, autoscaler, metrics, and ExaDeploy",
      places: placesOf(settings),
    });
    const { platform: chosen, release } = settings.kube ?? { platform: {} };
    const { region } = environment;
    this.clusterProviders(cluster);
    if (network.privateReach !== "everything") {
      Annotations.of(this).addWarning(
        "The network has no way to the internet, where the images of the charts come from: name copies of yours in the values of each, and add the endpoints that the parts call, such as autoscaling, elasticloadbalancing and secretsmanager, to interfaceEndpoints.",
      );
    }
    const pools = nodePools(this, settings.cluster);
    const { autoscaler, instanceTags } = settings.cluster;
    const { vpcId } = network;
    const subnetIds = onePerZone(network, network.privateSubnetIds);
    const platform = new KubePlatform(this, "platform", {
      cluster,
      pools,
      autoscaler,
      instanceTags: { ...this.tags, ...instanceTags },
      tags: this.tags,
      region,
      vpcId,
      subnetIds,
      ...withSecretsOf(chosen, release, backend),
    });
    const update = `aws eks update-kubeconfig --region ${region} --name ${cluster.clusterName}`;
    this.publish({ kubeconfig_command: update });
    const { prometheus, karpenter } = platform;
    if (prometheus) this.publish({ prometheus_url: prometheus.prometheusUrl });
    if (karpenter) this.publish({ karpenter_node_role_arn: karpenter.nodeRoleArn });
    if (!release) return;

    const exadeploy = new Exadeploy(this, "exadeploy", {
      pools,
      ...(backend && { backend, region, secretStore: platform.externalSecrets }),
      dependsOn: platform.ready,
      ...release,
    });
    this.publish({
      exadeploy_namespace: exadeploy.namespaceName,
      scheduler_service: exadeploy.schedulerServiceName,
      module_repository_service: exadeploy.moduleRepositoryServiceName,
    });
  }
}

/** Parts of the platform whose rules depend on the pools of the cluster. */
const POOL_PARTS = {
  "nvidia-device-plugin": "nvidiaDevicePlugin",
  "gpu-operator": "gpuOperator",
};

/** Where the user writes what the constructs of the stack are given. */
function placesOf({ cluster }: ExadeploySettings): Places {
  const runnerPools = "exadeploy.cluster.runnerPools";
  const pools = {
    pools: runnerPools,
    ...Object.fromEntries(
      (cluster.runnerPools ?? []).map(({ suffix }, i) => [`pools.runner-${suffix}`, `${runnerPools}.${i}`]),
    ),
  };
  const platform = "exadeploy.kube.platform";
  const parts = Object.entries(POOL_PARTS).map(([id, key]) => [
    `platform/${id}`,
    { "": `${platform}.${key}`, ...pools },
  ]);
  return {
    "": "exadeploy.cluster",
    platform: {
      "": platform,
      autoscaler: "exadeploy.cluster.autoscaler",
      instanceTags: "exadeploy.cluster.instanceTags",
      tags: "tags",
    },
    ...Object.fromEntries(parts),
    "platform/karpenter": {
      "": `${platform}.karpenter`,
      ...pools,
      instanceTags: "exadeploy.cluster.instanceTags", // its own in `platform.karpenter` are checked with the settings
    },
    exadeploy: {
      "": "exadeploy.kube.release",
      runnerPools,
      backend: "exadeploy.moduleRepoBackend",
      secretStore: `${platform}.externalSecrets`,
      region: "region",
    },
  };
}

/**
 * Lets the platform's External Secrets, if enabled, read what the release needs: RDS rotates the password every week, and
 * only an operator in the cluster follows that.
 */
function withSecretsOf(
  platform: KubePlatformSettings,
  release: ReleaseSettings | undefined,
  backend: ModuleRepoBackend | undefined,
): KubePlatformSettings {
  const { externalSecrets } = platform;
  if (!externalSecrets || !release || !backend) return platform;
  const { secretArns = [], kmsKeyArns = [], allowedNamespaces = [] } = externalSecrets;
  const { namespace = EXADEPLOY_PODS.namespace, s3AccessKeySecretArn } = release;
  const needed = [backend.masterUserSecretArn, ...(s3AccessKeySecretArn === undefined ? [] : [s3AccessKeySecretArn])];
  return {
    ...platform,
    externalSecrets: {
      ...externalSecrets,
      secretArns: [...new Set([...secretArns, ...needed])],
      kmsKeyArns: [...new Set([...kmsKeyArns, ...(backend.kmsKeyArn === undefined ? [] : [backend.kmsKeyArn])])],
      allowedNamespaces: [...new Set([...allowedNamespaces, namespace])],
    },
  };
}

/** Settings of the backend with the service account of the release, so that both use the same. */
export function backendFor({
  moduleRepoBackend: backend,
  kube,
}: ExadeploySettings): ExadeploySettings["moduleRepoBackend"] {
  if (!backend || !kube?.release) return backend;
  const { namespace, serviceAccount } = kube.release;
  return {
    ...backend,
    namespace: namespace ?? EXADEPLOY_PODS.namespace,
    serviceAccount: serviceAccount ?? EXADEPLOY_PODS.serviceAccount,
  };
}
