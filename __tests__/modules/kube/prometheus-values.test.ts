import { expect, it } from "vitest";
import { type Monitoring, prometheusValues } from "../../../modules/kube/prometheus-values";
import type { Json } from "../../support/synth";

const values = (monitoring: Partial<Monitoring> = {}): Json =>
  prometheusValues({
    clusterName: "ml",
    serviceAccount: "prometheus",
    volumeSize: "100Gi",
    storageClass: "gp3",
    retentionDays: 15,
    scrapeIntervalSeconds: 30,
    cpu: "500m",
    memory: "4Gi",
    alertmanager: true,
    grafana: {},
    scheduling: { nodeSelector: {}, tolerations: [] },
    ...monitoring,
  });
const spec = (monitoring: Partial<Monitoring> = {}) => values(monitoring).prometheus.prometheusSpec;

it("keeps samples on a volume, the oldest going before it is full", () => {
  const { storageSpec, retention, retentionSize } = spec({
    volumeSize: "200Gi",
    storageClass: "fast",
    retentionDays: 30,
  });
  expect(storageSpec.volumeClaimTemplate.spec).toEqual({
    storageClassName: "fast",
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "200Gi" } },
  });
  expect([retention, retentionSize]).toEqual(["30d", "174080MiB"]);
});
it("measures every node, whatever its taints and their effects", () => {
  expect(values()["prometheus-node-exporter"]).toEqual({ tolerations: [{ operator: "Exists" }] });
});
it("heeds what any release says is to be watched, every 30 seconds", () => {
  expect(spec()).toMatchObject({
    scrapeInterval: "30s",
    evaluationInterval: "30s",
    serviceMonitorSelectorNilUsesHelmValues: false,
    podMonitorSelectorNilUsesHelmValues: false,
    ruleSelectorNilUsesHelmValues: false,
    probeSelectorNilUsesHelmValues: false,
    scrapeConfigSelectorNilUsesHelmValues: false,
  });
  expect(spec({ scrapeIntervalSeconds: 5 })).toMatchObject({ scrapeInterval: "5s", evaluationInterval: "5s" });
});
it("asks pods that say so by annotation, under the labels that ExaDeploy's dashboard has", () => {
  const [job, ...others] = spec().additionalScrapeConfigs;
  expect(others).toEqual([]);
  expect(job).toMatchObject({ scrape_interval: "30s", kubernetes_sd_configs: [{ role: "pod" }] });
  const targets = job.relabel_configs.map(({ target_label }: Json) => target_label).filter(Boolean);
  expect(targets).toEqual(["__metrics_path__", "__address__", "kubernetes_namespace", "kubernetes_pod_name"]);
  const address = job.relabel_configs.find(({ target_label }: Json) => target_label === "__address__");
  const joined = new RegExp(`^(?:${address.regex})$`);
  expect("10.0.0.1;2112".replace(joined, address.replacement)).toBe("10.0.0.1:2112");
  expect("10.0.0.1:50050;2112".replace(joined, address.replacement)).toBe("10.0.0.1:2112");
  expect(job.relabel_configs[0]).toEqual({
    source_labels: ["__meta_kubernetes_pod_annotation_prometheus_io_scrape"],
    action: "keep",
    regex: "true",
  });
});
it("asks nothing of what EKS hides", () => {
  for (const part of ["kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler"]) {
    expect(values()[part]).toEqual({ enabled: false });
  }
});
it("runs where it is told to, with what it is given, under its own service account", () => {
  const toleration = { key: "dedicated", operator: "Equal", value: "prometheus", effect: "NoSchedule" } as const;
  const scheduling = { nodeSelector: { role: "prometheus" }, tolerations: [toleration] };
  const { prometheus, alertmanager } = values({ scheduling, cpu: "2", memory: "16Gi" });
  expect(prometheus.serviceAccount).toEqual({ create: true, name: "prometheus" });
  expect(prometheus.prometheusSpec).toMatchObject({
    ...scheduling,
    externalLabels: { cluster: "ml" },
    resources: { requests: { cpu: "2", memory: "16Gi" }, limits: { memory: "16Gi" } },
  });
  expect(alertmanager).toMatchObject({ enabled: true, alertmanagerSpec: scheduling });
  expect(alertmanager.alertmanagerSpec.storage.volumeClaimTemplate.spec.resources.requests.storage).toBe("2Gi");
});
it("leaves out what is off, and sends samples nowhere unless told", () => {
  expect(values({ alertmanager: false, grafana: false })).toMatchObject({
    alertmanager: { enabled: false },
    grafana: { enabled: false },
  });
  expect(spec()).not.toHaveProperty("remoteWrite");
  expect(spec({ remoteWrite: { url: "https://a" } }).remoteWrite).toEqual([{ url: "https://a" }]);
});
