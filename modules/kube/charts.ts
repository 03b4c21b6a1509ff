import { z } from "zod";

/** Repository of a Helm chart, and the version this project is written for. */
export interface Chart {
  /** HTTPS URL of an index, or `oci://` and the path above the chart. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  /**
   * TCP ports of its pods that the control plane calls: admission webhooks and API services. The nodes' security group must
   * let it in. From the templates of this version, in the repository of the comment; none when absent.
   */
  readonly calledPorts?: readonly number[];
  /**
   * Whether its webhooks refuse the pods of all other releases, and what makes these, while none of its own pods answers: in
   * every namespace but its own and kube-system. It must be there before the others and go after them.
   */
  readonly admitsWorkloads?: boolean;
}

/**
 * All Helm charts of this project. Unless noted, each version was the latest in the index, or the latest tag, of the
 * repository in the comment in August 2026.
 */
export const CHARTS = {
  // github.com/NVIDIA/k8s-device-plugin, branch gh-pages, index.yaml
  "nvidia-device-plugin": {
    repository: "https://nvidia.github.io/k8s-device-plugin",
    chart: "nvidia-device-plugin",
    version: "0.20.0",
  },
  // github.com/NVIDIA/gpu-operator, tag of 2026-06-23; NGC's index needs a browser
  "gpu-operator": { repository: "https://helm.ngc.nvidia.com/nvidia", chart: "gpu-operator", version: "v26.3.3" },
  // github.com/NVIDIA/dcgm-exporter, branch gh-pages, helm-charts/index.yaml
  "dcgm-exporter": {
    repository: "https://nvidia.github.io/dcgm-exporter/helm-charts",
    chart: "dcgm-exporter",
    version: "4.8.2",
  },
  // github.com/kubernetes/autoscaler, branch gh-pages, index.yaml
  "cluster-autoscaler": {
    repository: "https://kubernetes.github.io/autoscaler",
    chart: "cluster-autoscaler",
    version: "9.59.0",
  },
  // github.com/aws/karpenter-provider-aws, tag v1.14.1
  karpenter: { repository: "oci://public.ecr.aws/karpenter", chart: "karpenter", version: "1.14.1" },
  // the same; the CRDs, which Helm installs with the chart but never upgrades
  "karpenter-crd": { repository: "oci://public.ecr.aws/karpenter", chart: "karpenter-crd", version: "1.14.1" },
  // github.com/aws-neuron/neuron-helm-charts, release 1.9.0 of 2026-07-10; its repository holds the files of 1.0.0 alone
  neuron: { repository: "oci://public.ecr.aws/neuron", chart: "neuron-helm-chart", version: "1.9.0" },
  // github.com/aws/eks-charts, branch gh-pages, index.yaml
  "efa-device-plugin": {
    repository: "https://aws.github.io/eks-charts",
    chart: "aws-efa-k8s-device-plugin",
    version: "v0.5.30",
  },
  // github.com/aws/eks-charts, branch gh-pages, index.yaml
  "aws-load-balancer-controller": {
    repository: "https://aws.github.io/eks-charts",
    chart: "aws-load-balancer-controller",
    version: "3.5.0",
    calledPorts: [9443], // webhookBindPort
  },
  // github.com/prometheus-community/helm-charts, tag kube-prometheus-stack-88.5.3
  "kube-prometheus-stack": {
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "kube-prometheus-stack",
    version: "88.5.3",
    calledPorts: [10250], // prometheusOperator.tls.internalPort
  },
  // github.com/external-secrets/external-secrets, branch gh-pages, index.yaml
  "external-secrets": {
    repository: "https://charts.external-secrets.io",
    chart: "external-secrets",
    version: "2.9.0",
    calledPorts: [10250], // webhook.port
  },
  // github.com/kubernetes-sigs/metrics-server, branch gh-pages, index.yaml
  "metrics-server": {
    repository: "https://kubernetes-sigs.github.io/metrics-server",
    chart: "metrics-server",
    version: "3.13.1",
    calledPorts: [10250], // containerPort
  },
  // github.com/kedacore/charts, tag v2.20.2
  keda: {
    repository: "https://kedacore.github.io/charts",
    chart: "keda",
    version: "2.20.2",
    calledPorts: [6443, 9443], // service.portHttpsTarget of the metrics server, webhooks.port
  },
  // github.com/ray-project/kuberay, tag v1.6.2
  "kuberay-operator": {
    repository: "https://ray-project.github.io/kuberay-helm",
    chart: "kuberay-operator",
    version: "1.6.2",
  },
  // github.com/kubernetes-sigs/lws, tag v0.10.0, whose charts are in the registry under the tag without the v
  "leader-worker-set": {
    repository: "oci://registry.k8s.io/lws/charts",
    chart: "lws",
    version: "0.10.0",
    calledPorts: [9443], // templates/webhook/service.yaml
  },
  // github.com/kubernetes-sigs/kueue, tag v0.19.2
  kueue: {
    repository: "oci://registry.k8s.io/kueue/charts",
    chart: "kueue",
    version: "0.19.2",
    calledPorts: [8082, 9443], // templates/visibility/service.yaml (an API service; issue 5150), webhookService.ports
    admitsWorkloads: true,
  },
  // github.com/volcano-sh/helm-charts, index.yaml
  volcano: {
    repository: "https://volcano-sh.github.io/helm-charts",
    chart: "volcano",
    version: "1.15.0",
    calledPorts: [8443], // basic.admission_port
  },
  // github.com/Exafunction/helm-charts, branch gh-pages, index.yaml, which lacks the last tag, 1.1.2 of 2023
  exadeploy: { repository: "https://exafunction.github.io/helm-charts", chart: "exadeploy", version: "1.1.1" },
} as const satisfies Record<string, Chart>;

/** Name of a chart in {@link CHARTS}. */
export type ChartKey = keyof typeof CHARTS;

/** Overrides of a chart's entry in the table. */
export const chartSchema = z
  .strictObject({
    /** Version of the chart, such as 0.20.0; when absent the one that this project's values are written for. */
    version: z
      .string()
      .regex(/^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, "must be a version such as 0.20.0 or v26.3.3")
      .optional(),
    /** Repository, such as a mirror: the https:// URL of its index, or oci:// and the path above the chart; the official one when absent. */
    repository: z
      .string()
      .regex(
        /^(https|oci):\/\/[^\s/]+(\/\S*)?$/,
        "must begin with https:// or oci://, such as oci://registry.example.com/charts",
      )
      .optional(),
  })
  .prefault({});
export type ChartOverride = z.output<typeof chartSchema>;
