import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHARTS, type ChartKey } from "../../modules/kube/charts";
import { buildApp, synthesize } from "../../stacks/app";
import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../stacks/environment";
import type { ReleaseToRender } from "./helm";

type Exadeploy = NonNullable<EnvironmentSettings["exadeploy"]>;

const secret = (name: string) => `arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}-Ab12Cd`;
const IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/exadeploy:1.0";
const pool = (suffix: string, category: "gpu" | "neuron", ...instanceTypes: string[]) => ({
  ...{ suffix, category, instanceTypes },
  ...{ minSize: 0, maxSize: 1 },
});
const GPU = pool("gpu", "gpu", "g5.12xlarge");
const EFA = { ...pool("efa", "gpu", "p5.48xlarge"), efa: true, subnetIndex: 0 };
const NEURON = pool("neuron", "neuron", "inf2.xlarge");

const environment = (name: string, exadeploy: Exadeploy): Environment =>
  defineEnvironment({ name, region: "us-west-2", exadeploy });

/** Environments that together have a release of every chart. */
export const RECORDED = [
  environment("plugins", {
    cluster: { runnerPools: [GPU, EFA, NEURON] },
    kube: {
      platform: {
        neuronDevicePlugin: { scheduler: true, problemDetector: true },
        dcgmExporter: {},
        prometheus: {},
        loadBalancerController: {},
        externalSecrets: { secretArns: [secret("any")], allowedNamespaces: ["jobs"] },
        operators: {
          ...{ "metrics-server": {}, keda: {}, "kuberay-operator": {} },
          ...{ "leader-worker-set": {}, kueue: {}, volcano: {} },
        },
      },
      release: {
        apiKeySecretArn: secret("api-key"),
        scheduler: { image: IMAGE },
        moduleRepository: { image: IMAGE },
        runner: { image: IMAGE },
      },
    },
  }),
  environment("operator", {
    cluster: { autoscaler: "karpenter", runnerPools: [GPU] },
    kube: { platform: { gpuOperator: {} } },
  }),
];

/** A release of every chart with this project's values, by the chart's name in the table. */
export function releasesOfCharts(): Partial<Record<ChartKey, ReleaseToRender>> {
  const keys = new Map(Object.entries(CHARTS).map(([key, { chart }]) => [chart as string, key as ChartKey]));
  const found: Partial<Record<ChartKey, ReleaseToRender>> = {};
  for (const { chart, name, namespace, values = [] } of allReleases()) {
    const key = keys.get(chart);
    if (key) found[key] ??= { name, namespace, values };
  }
  return found;
}

function allReleases(): (ReleaseToRender & { readonly chart: string })[] {
  const outdir = mkdtempSync(join(tmpdir(), "charts-"));
  try {
    synthesize(buildApp(RECORDED, { outdir }));
    return readdirSync(join(outdir, "stacks")).flatMap((id) => {
      const { resource } = JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8"));
      return Object.values<ReleaseToRender & { chart: string }>(resource?.helm_release ?? {});
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
