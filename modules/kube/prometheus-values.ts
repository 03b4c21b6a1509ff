import type { GrafanaSettings } from "./grafana-settings";
import { grafanaValues } from "./grafana-settings";
import type { HelmValues } from "./helm-chart";
import type { Scheduling } from "./pool-scheduling";
import { bytes } from "./quantity";

/** Inputs of {@link prometheusValues}. */
export interface Monitoring {
  readonly clusterName: string;
  readonly serviceAccount: string;
  readonly volumeSize: string;
  readonly storageClass: string;
  readonly retentionDays: number;
  readonly scrapeIntervalSeconds: number;
  readonly cpu: string;
  readonly memory: string;
  readonly alertmanager: boolean;
  readonly grafana: false | GrafanaSettings;
  readonly scheduling: Scheduling;
  readonly remoteWrite?: HelmValues;
}

/** Values of kube-prometheus-stack. They refer to secrets by name and contain none. */
export function prometheusValues(monitoring: Monitoring): HelmValues {
  const { scheduling, grafana, remoteWrite } = monitoring;
  const interval = `${monitoring.scrapeIntervalSeconds}s`;
  const placed = {
    nodeSelector: { ...scheduling.nodeSelector },
    tolerations: scheduling.tolerations.map((t) => ({ ...t })),
  };
  return {
    // EKS hides the metrics of these; kube-proxy serves its own node only
    ...Object.fromEntries(
      ["kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler"].map((part) => [part, { enabled: false }]),
    ),
    prometheus: {
      serviceAccount: { create: true, name: monitoring.serviceAccount },
      prometheusSpec: {
        ...placed,
        ...SELECT_EVERYTHING,
        retention: `${monitoring.retentionDays}d`,
        retentionSize: mostOf(monitoring.volumeSize),
        scrapeInterval: interval,
        evaluationInterval: interval,
        externalLabels: { cluster: monitoring.clusterName },
        resources: {
          requests: { cpu: monitoring.cpu, memory: monitoring.memory },
          limits: { memory: monitoring.memory },
        },
        storageSpec: volume(monitoring.storageClass, monitoring.volumeSize),
        additionalScrapeConfigs: [annotatedPods(interval)],
        ...(remoteWrite && { remoteWrite: [remoteWrite] }),
      },
    },
    alertmanager: monitoring.alertmanager
      ? { enabled: true, alertmanagerSpec: { ...placed, storage: volume(monitoring.storageClass, "2Gi") } }
      : { enabled: false },
    // on every node: the chart tolerates taints of effect NoSchedule only
    "prometheus-node-exporter": { tolerations: [{ operator: "Exists" }] },
    grafana: grafana ? grafanaValues(grafana) : { enabled: false },
  };
}

/** Let Prometheus select monitors and rules of all releases, not just its own. */
const SELECT_EVERYTHING = Object.fromEntries(
  ["serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig"].map((kind) => [
    `${kind}SelectorNilUsesHelmValues`,
    false,
  ]),
);

const volume = (storageClassName: string, storage: string): HelmValues => ({
  volumeClaimTemplate: {
    spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
  },
});

/** Size-based retention at 85 percent of the volume: the rest is for data being written. */
const mostOf = (size: string) => `${Math.floor((bytes(size) * 0.85) / 1024 ** 2)}MiB`;

/** Scrapes pods that are annotated for it, as ExaDeploy's are. Source: Prometheus' documentation, "kubernetes_sd_config", pod. */
const annotatedPods = (interval: string): HelmValues => {
  const annotation = (name: string) => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;
  return {
    job_name: "kubernetes-pods",
    scrape_interval: interval,
    kubernetes_sd_configs: [{ role: "pod" }],
    relabel_configs: [
      { source_labels: [annotation("scrape")], action: "keep", regex: "true" },
      { source_labels: ["__meta_kubernetes_pod_phase"], action: "drop", regex: "Pending|Succeeded|Failed" },
      { source_labels: [annotation("path")], action: "replace", target_label: "__metrics_path__", regex: "(.+)" },
      {
        source_labels: ["__address__", annotation("port")],
        action: "replace",
        regex: "([^:]+)(?::\\d+)?;(\\d+)",
        replacement: "$1:$2",
        target_label: "__address__",
      },
      { source_labels: ["__meta_kubernetes_namespace"], action: "replace", target_label: "kubernetes_namespace" },
      { source_labels: ["__meta_kubernetes_pod_name"], action: "replace", target_label: "kubernetes_pod_name" },
    ],
  };
};
