import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../common/collections";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { orToken, parseProps, reference } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { tagsSchema } from "../common/settings/tags";
import { type AutoscaledCluster, ClusterAutoscaler, type ClusterAutoscalerProps } from "./cluster-autoscaler";
import { DcgmExporter, type DcgmExporterProps } from "./dcgm-exporter";
import { EfaDevicePlugin, type EfaDevicePluginProps } from "./efa-device-plugin";
import { ExternalSecrets, type ExternalSecretsProps } from "./external-secrets";
import { Gp3StorageClass, type Gp3StorageClassProps } from "./gp3-storage-class";
import { GpuOperator, type GpuOperatorProps } from "./gpu-operator";
import { Karpenter, type KarpenterCluster, type KarpenterProps } from "./karpenter";
import { KubeNamespace, type KubeNamespaceProps } from "./kube-namespace";
import { LoadBalancerController, type LoadBalancerControllerProps } from "./load-balancer-controller";
import { NeuronDevicePlugin, type NeuronDevicePluginProps } from "./neuron-device-plugin";
import { NvidiaDevicePlugin, type NvidiaDevicePluginProps } from "./nvidia-device-plugin";
import { poolsSchema } from "./pool-scheduling";
import { PrometheusStack, type PrometheusStackProps } from "./prometheus-stack";
import { SharedVolume, type SharedVolumeProps } from "./shared-volume";
import { OPERATOR_NAMES, WorkloadOperator, type WorkloadOperatorProps } from "./workload-operator";

/** Props that the platform itself passes to each part. */
type Wired = "cluster" | "pools" | "vpcId" | "region" | "dependsOn";
/** Settings of a part. */
const part = <Props extends object>() => checkedBy<Omit<Props, Wired>>();
/** Settings of a part that `false` leaves out. */
const partUnlessFalse = <Props extends object>() =>
  z.union([z.literal(false), part<Props>()], { error: "must be false or an object of settings" });

/** Settings of the platform: which parts to install, and the settings of each. */
export const platformShape = {
  /** NVIDIA's device plugin, if any pool has GPUs and `gpuOperator` is not set; false leaves it out. */
  nvidiaDevicePlugin: partUnlessFalse<NvidiaDevicePluginProps>().optional(),
  /** NVIDIA's GPU operator, which replaces the device plugin. */
  gpuOperator: part<GpuOperatorProps>().optional(),
  /** AWS's Neuron device plugin, if any pool has Neuron devices; false leaves it out. */
  neuronDevicePlugin: partUnlessFalse<NeuronDevicePluginProps>().default({}),
  /** AWS's EFA device plugin, if any pool has EFA; false leaves it out. */
  efaDevicePlugin: partUnlessFalse<EfaDevicePluginProps>().default({}),
  /** GPU metrics, with a dashboard. Without `prometheus` it has no ServiceMonitor. */
  dcgmExporter: part<DcgmExporterProps>().optional(),
  /** Cluster autoscaler, if the cluster's `autoscaler` is cluster-autoscaler and it has node groups; false leaves it out. */
  clusterAutoscaler: partUnlessFalse<ClusterAutoscalerProps>().optional(),
  /** Karpenter, if the cluster's `autoscaler` is karpenter; false leaves it out. */
  karpenter: partUnlessFalse<KarpenterProps>().optional(),
  /** Default storage class of encrypted gp3 volumes, of Auto Mode's driver where it runs all nodes; false leaves it out. */
  storageClass: partUnlessFalse<Gp3StorageClassProps>().default({}),
  /** Prometheus, alerts and Grafana. */
  prometheus: part<PrometheusStackProps>().optional(),
  /** Network load balancers for Services, application load balancers for Ingresses; false if the cluster has one already. */
  loadBalancerController: partUnlessFalse<LoadBalancerControllerProps>().optional(),
  /** Syncs Secrets Manager secrets to Kubernetes Secrets. */
  externalSecrets: part<ExternalSecretsProps>().optional(),
  /** Operators for workloads, by name: Ray, queues, event-driven scaling. */
  operators: z.partialRecord(z.enum(OPERATOR_NAMES), part<Omit<WorkloadOperatorProps, "operator">>()).default({}),
  /** Namespaces for workloads, by name, with quotas and network policies. */
  namespaces: z.record(z.string(), part<Omit<KubeNamespaceProps, "name">>()).default({}),
  /** Volumes of existing storage on EFS, FSx for Lustre or S3, by the name of the claim. */
  volumes: z.record(z.string(), part<Omit<SharedVolumeProps, "name">>()).default({}),
};

/** What creates the volumes of a cluster; the add-on aws-ebs-csi-driver, without a role to grant, when absent. */
interface VolumeCluster {
  readonly volumeDriver?: Gp3StorageClassProps["provisioner"];
  readonly volumeRoleArn?: string;
}

const schema = z
  .strictObject({
    /** Cluster that the platform is for. */
    cluster: reference<AutoscaledCluster & KarpenterCluster & VolumeCluster>(
      "a Cluster",
      "clusterName",
      "clusterVersion",
      "clusterEndpoint",
      "nodeSecurityGroupId",
    ),
    /** Node autoscaler, the same as the cluster's. */
    autoscaler: z.enum(["cluster-autoscaler", "karpenter", "none"]).default("cluster-autoscaler"),
    /** All pools of the cluster; from `nodePools()`. */
    pools: poolsSchema,
    /** VPC of the cluster, for the load balancers. */
    vpcId: orToken(z.string().min(1)),
    /** Private subnets of the cluster, for Karpenter's nodes; found by the tag karpenter.sh/discovery when absent. */
    subnetIds: z.array(orToken(z.string().min(1))).optional(),
    /** Tags on Karpenter's instances: the cluster's `instanceTags`. */
    instanceTags: tagsSchema.default({}),
    /** Tags on load balancers and volumes that controllers in the cluster create. */
    tags: tagsSchema.default({}),
    /** Region of the cluster. */
    region: regionSchema,
    ...platformShape,
  })
  .superRefine((settings, ctx) => {
    const { autoscaler, gpuOperator, nvidiaDevicePlugin } = settings;
    for (const [key, name] of AUTOSCALERS) {
      if (settings[key] && autoscaler !== name) {
        refuse(ctx, key, `must be left out where the cluster's autoscaler is ${autoscaler}, got settings`);
      }
    }
    const { clusterAutoscaler, pools, prometheus, loadBalancerController } = settings;
    if (clusterAutoscaler && autoscaler === "cluster-autoscaler" && pools.length === 0) {
      refuse(ctx, "clusterAutoscaler", "must be left out where there are no node groups to scale, got settings");
    }
    if ((prometheus?.grafana || undefined)?.public && loadBalancerController === undefined) {
      const path = ["prometheus", "grafana", "public"];
      refuse(ctx, path, `must be left out without loadBalancerController, ${CONTROLLER_ADVICE}, got settings`);
    }
    if (gpuOperator && nvidiaDevicePlugin) {
      refuse(ctx, "nvidiaDevicePlugin", "must be left out with gpuOperator, which installs the plugin, got settings");
    }
  });
export type KubePlatformProps = z.input<typeof schema>;
/** The settings without the wiring. */
export type KubePlatformSettings = z.input<z.ZodObject<typeof platformShape>>;
type Settings = z.output<typeof schema>;

/** What a Service of type LoadBalancer lacks without the controller, and what to do. */
export const CONTROLLER_ADVICE =
  "without which Helm waits for a load balancer in vain and takes the release back; set it to {}, or to false if the cluster has one already";

const AUTOSCALERS = [
  ["clusterAutoscaler", "cluster-autoscaler"],
  ["karpenter", "karpenter"],
] as const;

/** What a cluster needs for GPU workloads: device plugins, autoscaler, disks, metrics. */
export class KubePlatform extends Construct {
  readonly prometheus: PrometheusStack | undefined;
  readonly karpenter: Karpenter | undefined;
  readonly externalSecrets: ExternalSecrets | undefined;
  /** What workloads must wait for: device plugins, disks and webhooks. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KubePlatformProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { cluster, pools, loadBalancerController, externalSecrets, dcgmExporter } = settings;

    const disks = this.storageClass(settings);
    const devices = [...this.gpuSoftware(settings), ...this.otherDevices(settings)];
    this.karpenter = this.scaling(settings);
    const balancers = loadBalancerController
      ? new LoadBalancerController(this, "load-balancer-controller", {
          ...loadBalancerController,
          cluster,
          vpcId: settings.vpcId,
          region: settings.region,
          tags: { ...settings.tags, ...loadBalancerController.tags },
        }).ready
      : [];
    this.externalSecrets =
      externalSecrets &&
      new ExternalSecrets(this, "external-secrets", { ...externalSecrets, cluster, region: settings.region });
    this.prometheus =
      settings.prometheus &&
      new PrometheusStack(this, "prometheus", {
        ...settings.prometheus,
        cluster,
        pools,
        dependsOn: [...disks, ...balancers],
      });
    if (dcgmExporter) {
      new DcgmExporter(this, "dcgm-exporter", {
        ...(!this.prometheus && { serviceMonitor: false as const }), // ServiceMonitor is a kind of the Prometheus operator
        ...dcgmExporter,
        pools,
        dependsOn: [...devices, ...(this.prometheus?.ready ?? [])],
      });
    }
    const namespaces = sortedEntries(settings.namespaces).flatMap(
      ([name, namespace]) => new KubeNamespace(this, `namespace-${name}`, { ...namespace, name }).ready,
    );
    for (const [name, volume] of sortedEntries(settings.volumes)) {
      new SharedVolume(this, `volume-${name}`, { ...volume, name, dependsOn: namespaces });
    }
    for (const operator of OPERATOR_NAMES) {
      const chosen = settings.operators[operator];
      if (chosen) new WorkloadOperator(this, operator, { ...chosen, operator });
    }
    this.ready = [...devices, ...balancers, ...disks];
  }

  private storageClass({ cluster, storageClass, tags }: Settings): ITerraformDependable[] {
    if (!storageClass) return [];
    const { volumeDriver: provisioner, volumeRoleArn } = cluster;
    return new Gp3StorageClass(this, "storage-class", {
      provisioner,
      ...(storageClass.kmsKeyArn !== undefined && { volumeRoleArn }),
      ...storageClass,
      // those of the add-on are a setting of the cluster
      tags: { ...(provisioner === "ebs.csi.eks.amazonaws.com" && tags), ...storageClass.tags },
    }).ready;
  }

  private gpuSoftware({ pools, gpuOperator, nvidiaDevicePlugin = {} }: Settings): ITerraformDependable[] {
    if (gpuOperator) return new GpuOperator(this, "gpu-operator", { ...gpuOperator, pools }).ready;
    if (!nvidiaDevicePlugin) return [];
    return new NvidiaDevicePlugin(this, "nvidia-device-plugin", { ...nvidiaDevicePlugin, pools }).ready;
  }

  private otherDevices({ pools, neuronDevicePlugin, efaDevicePlugin }: Settings): ITerraformDependable[] {
    return [
      neuronDevicePlugin && new NeuronDevicePlugin(this, "neuron-device-plugin", { ...neuronDevicePlugin, pools }),
      efaDevicePlugin && new EfaDevicePlugin(this, "efa-device-plugin", { ...efaDevicePlugin, pools }),
    ].flatMap((plugin) => (plugin ? plugin.ready : []));
  }

  private scaling({ autoscaler, cluster, pools, clusterAutoscaler = {}, karpenter = {}, ...settings }: Settings) {
    const { subnetIds, instanceTags } = settings;
    if (autoscaler === "cluster-autoscaler" && clusterAutoscaler && pools.length > 0) {
      new ClusterAutoscaler(this, "cluster-autoscaler", { ...clusterAutoscaler, cluster });
    }
    return autoscaler === "karpenter" && karpenter
      ? new Karpenter(this, "karpenter", { subnetIds, instanceTags, ...karpenter, cluster, pools })
      : undefined;
  }
}
