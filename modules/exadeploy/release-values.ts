import { Token } from "cdktf";
import type { HelmValues } from "../kube/helm-chart";
import type { Scheduling, Toleration } from "../kube/pool-scheduling";
import type { ReleaseSettings } from "./release-settings";

/** A value of a Kubernetes Secret. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** Backend of a persistent module repository. */
export interface ReleaseBackend {
  readonly rdsAddress: string;
  readonly rdsPort: number;
  readonly rdsUsername: string;
  readonly rdsDatabase: string;
  readonly passwordSecret: SecretKey;
  /** ConfigMap with the CA certificates of the database. */
  readonly certificates: SecretKey;
  readonly s3BucketId: string;
  readonly s3Region: string;
  /** Secret with `access_key` and `secret_key`; absent if the pods use the role of their service account. */
  readonly accessKeySecret?: string;
}

/** Inputs of {@link releaseValues}. */
export interface Release extends ReleaseSettings {
  readonly apiKeySecret: SecretKey;
  readonly serviceAccount: string;
  readonly scheduling: Readonly<Record<"scheduler" | "moduleRepository" | "runner", Scheduling>>;
  /** Whether runners use no GPU. */
  readonly cpuOnly: boolean;
  /** When absent, the modules are on the disk of the module repository's node and lost with the pod. */
  readonly backend?: ReleaseBackend;
}

/** Values of ExaDeploy's chart, 1.1.1. They refer to secrets by name and contain none. */
export function releaseValues(release: Release): HelmValues {
  const { scheduler, moduleRepository, runner, scheduling, backend } = release;
  const service = SERVICE[release.exposure];
  return {
    exafunction: {
      apiKeySecret: { ...release.apiKeySecret },
      suffix: release.suffix,
      clusterDomain: release.clusterDomain,
    },
    scheduler: {
      image: scheduler.image,
      ...placed(scheduling.scheduler),
      service,
      resources: resources(scheduler),
      placementGroupDeletionLagSeconds: scheduler.placementGroupDeletionLagSeconds,
      runnerCreationTimeoutSeconds: scheduler.runnerCreationTimeoutSeconds,
      runnerDeletionLagSeconds: scheduler.runnerDeletionLagSeconds,
      minRunners: scheduler.minRunners,
      maxRunners: scheduler.maxRunners,
      disableClientsKillingRunners: scheduler.disableClientsKillingRunners,
      additionalConfig: scheduler.additionalConfig,
    },
    moduleRepository: {
      image: moduleRepository.image,
      ...placed(scheduling.moduleRepository),
      service,
      resources: resources(moduleRepository),
      backend: backend ? remote(backend) : { type: "local" },
      additionalConfig: moduleRepository.additionalConfig,
    },
    runner: {
      image: runner.image,
      ...placed(scheduling.runner),
      cpuLimit: runner.cpuLimit,
      memoryLimit: runner.memoryLimit,
      cpuOnly: release.cpuOnly,
      valueStoreThreads: runner.valueStoreThreads,
      serializeAll: runner.serializeAll,
      createHeadlessService: runner.createHeadlessService,
      ...(runner.ingressHost !== undefined && { ingress: { enabled: true, host: runner.ingressHost } }),
      additionalConfig: runner.additionalConfig,
    },
    rbac: { create: false }, // the chart's role can read every secret of the namespace
    serviceAccount: { create: true, name: release.serviceAccount },
  };
}

const LOAD_BALANCER = "service.beta.kubernetes.io/aws-load-balancer";
const SERVICE: Readonly<Record<ReleaseSettings["exposure"], HelmValues>> = {
  internal: { type: "LoadBalancer", annotations: { [`${LOAD_BALANCER}-internal`]: "true" } },
  // Source: AWS Load Balancer Controller, "Network Load Balancer" annotations
  "internal-nlb": {
    type: "LoadBalancer",
    annotations: {
      [`${LOAD_BALANCER}-type`]: "external",
      [`${LOAD_BALANCER}-nlb-target-type`]: "ip",
      [`${LOAD_BALANCER}-scheme`]: "internal",
    },
  },
  cluster: { type: "ClusterIP" },
};

const resources = ({ cpu, memory }: { cpu: string; memory: string }): HelmValues => ({
  requests: { cpu, memory },
  limits: { cpu, memory },
});

const remote = ({ passwordSecret, certificates, ...backend }: ReleaseBackend): HelmValues => ({
  type: "remote",
  remote: {
    postgres: {
      host: backend.rdsAddress,
      // a number from another stack is a token in the text of the values
      port: Token.isUnresolved(backend.rdsPort) ? Token.asString(backend.rdsPort) : backend.rdsPort,
      database: backend.rdsDatabase,
      user: backend.rdsUsername,
      passwordSecret: { ...passwordSecret },
      sslCertificateName: certificates.key,
      sslConfigMapName: certificates.name,
    },
    dataBackend: "s3",
    s3: {
      region: backend.s3Region,
      bucket: backend.s3BucketId,
      ...(backend.accessKeySecret !== undefined && {
        awsAccessKeySecret: {
          name: backend.accessKeySecret,
          accessKeyIdKey: "access_key",
          secretAccessKeyKey: "secret_key",
        },
      }),
    },
  },
});

const placed = ({ nodeSelector, tolerations }: Scheduling): HelmValues => ({
  nodeSelector: { ...nodeSelector },
  tolerations: tolerations.flatMap(spelt),
});

/** Tolerations for the chart, which fails on one without an effect and on an empty value. */
function spelt(toleration: Toleration): HelmValues[] {
  const { key, effect } = toleration;
  if (toleration.operator === "Equal" && toleration.value !== "") return [{ ...toleration }];
  const effects = effect === undefined ? ["NoSchedule", "PreferNoSchedule", "NoExecute"] : [effect];
  return effects.map((each) => ({ key, operator: "Exists", effect: each }));
}
