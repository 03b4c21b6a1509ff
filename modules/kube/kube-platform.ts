import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../common/collections";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { orToken, parseProps, reference } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { tagsSchema } from "../common/settings/tags";
import { type AutoscaledCluster, ClusterAutoscaler, clusterAutoscalerSettings } from "./cluster-autoscaler";
import { DcgmExporter, dcgmExporterSettings } from "./dcgm-exporter";
import { EfaDevicePlugin, efaDevicePluginSettings } from "./efa-device-plugin";
import { ExternalSecrets, externalSecretsSettings } from "./external-secrets";
import { Gp3StorageClass, type Gp3StorageClassProps, gp3StorageClassSettings } from "./gp3-storage-class";
import { GpuOperator, gpuOperatorSettings } from "./gpu-operator";
import { HelmChart } from "./helm-chart";
import { Karpenter, type KarpenterCluster, karpenterSettings } from "./karpenter";
import { kubeLabelSchema } from "./kube-names";
import { KubeNamespace, kubeNamespaceSettings, namespaceNameSchema } from "./kube-namespace";
import { LoadBalancerController, loadBalancerControllerSettings } from "./load-balancer-controller";
import { NeuronDevicePlugin, neuronDevicePluginSettings } from "./neuron-device-plugin";
import { NvidiaDevicePlugin, nvidiaDevicePluginSettings } from "./nvidia-device-plugin";
import { ANY_POOL, poolsSchema } from "./pool-scheduling";
import { PrometheusStack, prometheusStackSettings } from "./prometheus-stack";
import { SharedVolume, sharedVolumeSettings } from "./shared-volume";
import { OPERATOR_NAMES, type OperatorName, WorkloadOperator, workloadOperatorSettings } from "./workload-operator";

/** Settings of a part that `false` leaves out. */
const unlessFalse = <Part extends z.ZodType>(part: Part) =>
  z.union([z.literal(false), part], { error: "must be false or an object of settings" });

type Operators = { readonly [Name in OperatorName]: z.ZodOptional<ReturnType<typeof workloadOperatorSettings>> };
const operatorsSchema = z.strictObject(
  Object.fromEntries(OPERATOR_NAMES.map((name) => [name, workloadOperatorSettings(name).optional()])) as Operators,
);

/** Settings of the platform: which parts to install, and the settings of each. */
export const platformShape = {
  /** NVIDIA's device plugin, if any pool has GPUs and `gpuOperator` is not set; false leaves it out. */
  nvidiaDevicePlugin: unlessFalse(nvidiaDevicePluginSettings).optional(),
  /** NVIDIA's GPU operator, which replaces the device plugin. */
  gpuOperator: gpuOperatorSettings.optional(),
  /** AWS's Neuron device plugin, if any pool has Neuron devices; false leaves it out. */
  neuronDevicePlugin: unlessFalse(neuronDevicePluginSettings).default({}),
  /** AWS's EFA device plugin, if any pool has EFA; false leaves it out. */
  efaDevicePlugin: unlessFalse(efaDevicePluginSettings).default({}),
  /** GPU metrics, with a dashboard. Without `prometheus` it has no ServiceMonitor. */
  dcgmExporter: dcgmExporterSettings.optional(),
  /** Cluster autoscaler, if the cluster's `autoscaler` is cluster-autoscaler and it has node groups; false leaves it out. */
  clusterAutoscaler: unlessFalse(clusterAutoscalerSettings).optional(),
  /** Karpenter, if the cluster's `autoscaler` is karpenter; false leaves it out. */
  karpenter: unlessFalse(karpenterSettings).optional(),
  /** Default storage class of encrypted gp3 volumes, of Auto Mode's driver where it runs all nodes; false leaves it out. */
  storageClass: unlessFalse(gp3StorageClassSettings).default({}),
  /** Prometheus, alerts and Grafana. */
  prometheus: prometheusStackSettings.optional(),
  /** Network load balancers for Services, application load balancers for Ingresses; false if the cluster has one already. */
  loadBalancerController: unlessFalse(loadBalancerControllerSettings).optional(),
  /** Syncs Secrets Manager secrets to Kubernetes Secrets. */
  externalSecrets: externalSecretsSettings.optional(),
  /** Operators for workloads, by name: Ray, queues, event-driven scaling. */
  operators: operatorsSchema.default({}),
  /** Namespaces for workloads, by name, with quotas and network policies. */
  namespaces: z.record(namespaceNameSchema, kubeNamespaceSettings).default({}),
  /** Volumes of existing storage on EFS, FSx for Lustre or S3, by the name of the claim. */
  volumes: z.record(kubeLabelSchema, sharedVolumeSettings).default({}),
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
/** Checks these settings for a cluster of which no more is known than they tell. */
export const kubePlatformSettings = checkedBy(schema, (settings: KubePlatformSettings) => ({
  cluster: { clusterName: "any", clusterVersion: "1.35", clusterEndpoint: "any", nodeSecurityGroupId: "any" },
  autoscaler: settings.karpenter ? ("karpenter" as const) : ("cluster-autoscaler" as const),
  pools: [ANY_POOL],
  vpcId: "any",
  subnetIds: undefined,
  instanceTags: undefined,
  tags: undefined,
  region: "us-west-2",
}));
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
    const balancer = loadBalancerController
      ? new LoadBalancerController(this, "load-balancer-controller", {
          ...loadBalancerController,
          cluster,
          vpcId: settings.vpcId,
          region: settings.region,
          tags: { ...settings.tags, ...loadBalancerController.tags },
        })
      : undefined;
    const balancers = balancer?.ready ?? [];
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
    const operators = this.operators(settings);
    // whose finalizers objects of a namespace bear: without them it could not be deleted
    const controllers = [...operators, balancer, this.externalSecrets].filter((one) => one !== undefined);
    const namespaces = sortedEntries(settings.namespaces).flatMap(([name, namespace]) => {
      const dependsOn = controllers.filter((one) => one.namespaceName !== name).flatMap(({ ready }) => ready);
      return new KubeNamespace(this, `namespace-${name}`, { ...namespace, name, dependsOn }).ready;
    });
    for (const [name, volume] of sortedEntries(settings.volumes)) {
      new SharedVolume(this, `volume-${name}`, { ...volume, name, dependsOn: namespaces });
    }
    const admitting = operators.filter(({ admitsWorkloads }) => admitsWorkloads);
    this.waitForAdmission(admitting);
    this.ready = [...devices, ...balancers, ...disks, ...admitting.flatMap(({ ready }) => ready)];
  }

  private operators({ operators }: Settings): WorkloadOperator[] {
    return OPERATOR_NAMES.flatMap((operator) => {
      const chosen = operators[operator];
      return chosen ? [new WorkloadOperator(this, operator, { ...chosen, operator })] : [];
    });
  }

  /** Every release waits for the operators that admit its pods: beside them, `atomic` would take it back. */
  private waitForAdmission(operators: readonly WorkloadOperator[]): void {
    let waiting = this.node.findAll().filter((one) => one instanceof HelmChart);
    for (const { chart: admitting, ready } of operators) {
      waiting = waiting.filter((chart) => chart !== admitting);
      const exempt = [admitting.namespace, "kube-system"];
      for (const chart of waiting) if (!exempt.includes(chart.namespace)) chart.waitFor(ready);
    }
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
    const { vpcId, subnetIds, instanceTags } = settings;
    if (autoscaler === "cluster-autoscaler" && clusterAutoscaler && pools.length > 0) {
      new ClusterAutoscaler(this, "cluster-autoscaler", { ...clusterAutoscaler, cluster });
    }
    return autoscaler === "karpenter" && karpenter
      ? new Karpenter(this, "karpenter", { vpcId, subnetIds, instanceTags, ...karpenter, cluster, pools })
      : undefined;
  }
}
