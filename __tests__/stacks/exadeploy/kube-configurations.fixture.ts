import { dev } from "../../../environments/dev";
import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../../stacks/environment";
import type { ExadeploySettings } from "../../../stacks/exadeploy/settings";

type Kube = NonNullable<NonNullable<EnvironmentSettings["exadeploy"]>["kube"]>;
export type Release = NonNullable<Kube["release"]>;
export type Platform = NonNullable<Kube["platform"]>;

const secret = (name: string) => `arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}-Ab12Cd`;
const { cluster, moduleRepoBackend } = dev.exadeploy as ExadeploySettings;

/** dev's pools, none of which keeps a node: Karpenter starts those that pods need. */
const runnerPools = (cluster.runnerPools ?? []).map((pool) => ({ ...pool, minSize: 0 }));

/** Texts of the secrets, as a rehearsal is told them. */
export const SECRETS = {
  [secret("api-key")]: "01234567-89ab-cdef-0123-456789abcdef",
  [secret("s3")]: JSON.stringify({ access_key: "AKIAEXAMPLE", secret_key: "made-up" }),
};

/** ExaDeploy with the least that it must be told. */
export const RELEASE: Release = {
  apiKeySecretArn: secret("api-key"),
  scheduler: { image: "123456789012.dkr.ecr.us-west-2.amazonaws.com/scheduler:1.0" },
  moduleRepository: { image: "123456789012.dkr.ecr.us-west-2.amazonaws.com/module-repository:1.0" },
  runner: { image: "123456789012.dkr.ecr.us-west-2.amazonaws.com/runner:1.0" },
};
/** With the access key that the chart wants of a bucket. */
export const REMOTE: Release = { ...RELEASE, s3AccessKeySecretArn: secret("s3") };

/** Every part of the platform that is not there by itself. */
export const PARTS: Platform = {
  dcgmExporter: {},
  prometheus: {},
  loadBalancerController: {},
  externalSecrets: { secretArns: [secret("any")], allowedNamespaces: ["jobs"] },
  operators: {
    keda: {},
    kueue: {},
    "kuberay-operator": {},
    "leader-worker-set": {},
    volcano: {},
    "metrics-server": {},
  },
  volumes: {
    models: {
      namespace: "kube-public",
      source: { kind: "efs", files: { fileSystemId: "fs-0123456789abcdef0", accessPointId: "fsap-0123456789abcdef0" } },
    },
  },
  namespaces: { jobs: { quota: { gpus: 8 }, traffic: {} } },
};

/** dev's cluster with a Kubernetes layer of these settings. */
export const kubeEnvironment = (
  name: string,
  kube: Kube,
  { remote = false, autoscaler }: { remote?: boolean; autoscaler?: "cluster-autoscaler" | "karpenter" | "none" } = {},
): Environment =>
  defineEnvironment({
    name,
    region: "us-west-2",
    exadeploy: {
      cluster: { ...cluster, ...(autoscaler && { autoscaler }), ...(autoscaler === "karpenter" && { runnerPools }) },
      ...(remote && { moduleRepoBackend }),
      kube,
    },
  });

/** Ways in which the layer is used. */
export const kubeConfigurations = {
  /** The platform as it comes, with nothing on it. */
  bare: kubeEnvironment("bare", {}),
  /** ExaDeploy on it, with its data in its pod. */
  local: kubeEnvironment("local", { release: RELEASE }),
  /** ExaDeploy with database and bucket. */
  remote: kubeEnvironment("remote", { release: REMOTE }, { remote: true }),
  karpenter: kubeEnvironment("karpenter", { release: RELEASE }, { autoscaler: "karpenter" }),
  fixed: kubeEnvironment("fixed", {}, { autoscaler: "none" }),
  operator: kubeEnvironment("operator", { platform: { gpuOperator: {} } }),
  everything: kubeEnvironment("everything", { platform: PARTS, release: REMOTE }, { remote: true }),
};
