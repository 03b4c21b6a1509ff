import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { GeneratedSecret } from "../common/secrets/generated-secret";
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
    /** Cluster that is watched, and whose name every sample bears that leaves it. */
    cluster: reference<{ clusterName: string }>("a Cluster", "clusterName"),
    /** All pools of the cluster; from `nodePools()`. Prometheus runs on that called `prometheus`, or anywhere without it. */
    pools: poolsSchema,
    /** Namespace, which is made: `privileged`, since what measures a node sees all of it. */
    namespace: kubeLabelSchema
      .refine((name) => name !== "default" && !name.startsWith("kube-"), "must not be default nor begin with kube-")
      .default("prometheus"),
    /** Volume of Prometheus, at least 1Gi. It can grow later, never shrink. */
    volumeSize: bytesSchema.refine((size) => bytes(size) >= bytes("1Gi"), "must be at least 1Gi").default("100Gi"),
    /** Storage class of the volumes, which must be there. */
    storageClass: kubeNameSchema.default("gp3"),
    /** Days, 1 to 3650, that samples stay; fewer when the volume is full before. */
    retentionDays: z.int().min(1).max(3650).default(15),
    /** Seconds between two samples, 5 to 300. */
    scrapeIntervalSeconds: z.int().min(5).max(300).default(30),
    /** Cores that Prometheus asks for. */
    cpu: cpuSchema.default("500m"),
    /** Memory that Prometheus asks for, and gets at most. */
    memory: bytesSchema.default("4Gi"),
    /** Whether alerts are handled, by Alertmanager; who is told of them, `values` says. */
    alertmanager: z.boolean().default(true),
    /** Grafana, reached from within the cluster by default; false leaves it out. */
    grafana: z
      .union([z.literal(false), grafanaSchema], { error: "must be false or an object of settings" })
      .prefault({}),
    /** Where samples are sent beside; nowhere by default. */
    remoteWrite: remoteWriteSchema.optional(),
    ...partShape,
  })
  .superRefine(({ remoteWrite }, ctx) => {
    if (remoteWrite) checkRemoteWrite(remoteWrite, ctx, ["remoteWrite"]);
  });
export type PrometheusStackProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

const NAME = "prometheus";

/** Prometheus with its operator, exporters, alerts and Grafana. */
export class PrometheusStack extends Construct {
  readonly namespaceName: string;
  /** Where Prometheus answers within the cluster. */
  readonly prometheusUrl: string;
  /** What must wait for it, such as what has ServiceMonitors. */
  readonly ready: ITerraformDependable[];
  readonly #adminSecretArn: string | undefined;
  readonly #workspaceArn: string | undefined;

  constructor(scope: Construct, id: string, props: PrometheusStackProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { namespace, cluster, pools } = settings;

    const home = new KubeNamespace(this, "namespace", { name: namespace, podSecurity: "privileged" }).ready;
    const admin = this.grafanaAdmin(settings, home);
    const remote =
      settings.remoteWrite &&
      new RemoteWrite(this, "remote-write", {
        settings: settings.remoteWrite,
        clusterName: cluster.clusterName,
        namespace,
        serviceAccount: NAME,
        dependsOn: home,
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
      dependsOn: [...home, ...(admin?.ready ?? []), ...(remote?.ready ?? []), ...settings.dependsOn],
    });

    this.namespaceName = namespace;
    this.prometheusUrl = `http://${NAME}-kube-prometheus-prometheus.${namespace}:9090`;
    this.ready = chart.ready;
    this.#adminSecretArn = admin?.arn;
    this.#workspaceArn = remote?.workspaceArn;
  }

  /** Secret of Secrets Manager with the password of Grafana's user `admin`; a mistake to ask for where `grafana` is off. */
  get grafanaAdminSecretArn(): string {
    return present(this, "grafana", this.#adminSecretArn);
  }

  /** Workspace of Amazon Managed Prometheus; a mistake to ask for where `remoteWrite` goes elsewhere. */
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
