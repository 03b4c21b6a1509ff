import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { GeneratedSecret } from "../common/secrets/generated-secret";
import { checkedBy } from "../common/settings/checked-by";
import { present } from "../common/settings/present";
import { parseProps, reference } from "../common/settings/props";
import { ADMIN_SECRET, grafanaSchema } from "./grafana-settings";
import { HelmChart, partShape } from "./helm-chart";
import { kubeLabelSchema, kubeNameSchema } from "./kube-names";
import { KubeNamespace } from "./kube-namespace";
import { KubeSecret } from "./kube-secret";
import { dedicatedScheduling, poolsSchema } from "./pool-scheduling";
import { prometheusValues } from "./prometheus-values";
import { bytes, bytesSchema, cpuSchema } from "./quantity";
import { checkRemoteWrite, RemoteWrite, remoteWriteSchema } from "./remote-write";

const schema = z
  .strictObject({
    /** Cluster to monitor; its name is an external label of samples sent elsewhere. */
    cluster: reference<{ clusterName: string }>("a Cluster", "clusterName"),
    /** All pools of the cluster, from `nodePools()`. Prometheus runs on the system group `prometheus`, or anywhere without it. */
    pools: poolsSchema,
    /** Namespace to create; `privileged`, since the node exporter needs access to the host. */
    namespace: kubeLabelSchema
      .refine((name) => name !== "default" && !name.startsWith("kube-"), "must not be default nor begin with kube-")
      .default("prometheus"),
    /** Volume of Prometheus, at least 1Gi. It can grow later, never shrink. */
    volumeSize: bytesSchema.refine((size) => bytes(size) >= bytes("1Gi"), "must be at least 1Gi").default("100Gi"),
    /** Existing storage class of the volumes. */
    storageClass: kubeNameSchema.default("gp3"),
    /** Retention of samples, days, 1 to 3650; shorter if the volume fills up first. */
    retentionDays: z.int().min(1).max(3650).default(15),
    /** Scrape interval, seconds, 5 to 300. */
    scrapeIntervalSeconds: z.int().min(5).max(300).default(30),
    /** CPU request of Prometheus, cores. */
    cpu: cpuSchema.default("500m"),
    /** Memory request and limit of Prometheus. */
    memory: bytesSchema.default("4Gi"),
    /** Install Alertmanager; configure its receivers in `values`. */
    alertmanager: z.boolean().default(true),
    /** Grafana, reachable within the cluster unless exposed; false leaves it out. */
    grafana: z
      .union([z.literal(false), grafanaSchema], { error: "must be false or an object of settings" })
      .prefault({}),
    /** Remote storage that samples are also written to. */
    remoteWrite: remoteWriteSchema.optional(),
    ...partShape,
  })
  .superRefine(({ remoteWrite }, ctx) => {
    if (remoteWrite) checkRemoteWrite(remoteWrite, ctx, ["remoteWrite"]);
  });
export type PrometheusStackProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const prometheusStackSettings = checkedBy(schema, {
  cluster: { clusterName: "any" },
  pools: [],
  dependsOn: undefined,
});
type Settings = z.output<typeof schema>;

const NAME = "prometheus";

/** Prometheus with its operator, exporters, alerts and Grafana. */
export class PrometheusStack extends Construct {
  readonly namespaceName: string;
  /** URL of Prometheus within the cluster. */
  readonly prometheusUrl: string;
  /** What dependents must wait for, such as charts with ServiceMonitors. */
  readonly ready: ITerraformDependable[];
  readonly #adminSecretArn: string | undefined;
  readonly #workspaceArn: string | undefined;

  constructor(scope: Construct, id: string, props: PrometheusStackProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { namespace, cluster, pools } = settings;

    const namespaceReady = new KubeNamespace(this, "namespace", { name: namespace, podSecurity: "privileged" }).ready;
    const admin = this.grafanaAdmin(settings, namespaceReady);
    const remote =
      settings.remoteWrite &&
      new RemoteWrite(this, "remote-write", {
        settings: settings.remoteWrite,
        clusterName: cluster.clusterName,
        namespace,
        serviceAccount: NAME,
        dependsOn: namespaceReady,
      });
    const chart = new HelmChart(this, "chart", {
      chartKey: "kube-prometheus-stack",
      name: NAME,
      namespace,
      defaults: prometheusValues({
        ...settings,
        clusterName: cluster.clusterName,
        serviceAccount: NAME,
        scheduling: dedicatedScheduling(pools, "prometheus"),
        remoteWrite: remote?.values,
      }),
      chart: settings.chart,
      values: settings.values,
      timeoutSeconds: settings.timeoutSeconds,
      dependsOn: [...namespaceReady, ...(admin?.ready ?? []), ...(remote?.ready ?? []), ...settings.dependsOn],
    });

    this.namespaceName = namespace;
    this.prometheusUrl = `http://${NAME}-kube-prometheus-prometheus.${namespace}:9090`;
    this.ready = chart.ready;
    this.#adminSecretArn = admin?.arn;
    this.#workspaceArn = remote?.workspaceArn;
  }

  /** Secret with the password of Grafana's user `admin`; throws if `grafana` is off. */
  get grafanaAdminSecretArn(): string {
    return present(this, "grafana", this.#adminSecretArn);
  }

  /** Workspace of Amazon Managed Prometheus; throws if `remoteWrite` uses another storage. */
  get workspaceArn(): string {
    return present(this, "remoteWrite", this.#workspaceArn, "must be of kind amazon for this");
  }

  private grafanaAdmin({ grafana, namespace }: Settings, dependsOn: ITerraformDependable[]) {
    if (!grafana) return undefined;
    const arn =
      grafana.adminSecretArn ??
      new GeneratedSecret(this, "grafana-password", {
        namePrefix: "grafana-admin-",
        description: "Password of Grafana's user admin",
        kmsKeyArn: grafana.kmsKeyArn,
      }).secretArn;
    const { ready } = new KubeSecret(this, "grafana-admin", {
      name: ADMIN_SECRET.name,
      namespace,
      secretArn: arn,
      whole: ADMIN_SECRET.passwordKey,
      plain: { [ADMIN_SECRET.userKey]: "admin" },
      dependsOn,
    });
    return { arn, ready };
  }
}
