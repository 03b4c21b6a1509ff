import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { Annotations, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { serviceAccountSchema } from "../aws/eks/pod-identity-role";
import { rdsCertificates } from "../aws/rds/rds-certificates";
import { secretArnSchema } from "../common/settings/arns";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps, wrongSetting } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { CHARTS } from "../kube/charts";
import { HelmChart, partShape } from "../kube/helm-chart";
import { kubeLabelSchema } from "../kube/kube-names";
import { checkNamespace, KubeNamespace, namespaceShape } from "../kube/kube-namespace";
import { KubeSecret, type KubeSecretProps } from "../kube/kube-secret";
import { dedicatedScheduling, poolsSchema, poolsWith, runnerPoolsOf, runnerScheduling } from "../kube/pool-scheduling";
import { SyncedSecret, secretStoreSchema } from "../kube/synced-secret";
import { checkRelease, releaseShape } from "./release-settings";
import { type ReleaseBackend, releaseValues } from "./release-values";
import { ANY_BACKEND, remoteBackendSchema } from "./remote-backend";
import { SchedulerRole } from "./scheduler-role";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** Default namespace and service account of the pods. */
export const EXADEPLOY_PODS = { namespace: "exadeploy", serviceAccount: "exadeploy" };

/** ARN of the API key's secret; a key given by mistake must not appear in the error. */
const apiKeyArnSchema = z
  .custom<string>()
  .refine((arn) => typeof arn !== "string" || !new RegExp(`^${UUID}$`, "i").test(arn), {
    message: "must be the ARN of the secret that holds the API key, never the key itself, got a UUID",
  })
  .pipe(secretArnSchema);

const schema = z
  .strictObject({
    /** Name of the release, and prefix of its resources' names: 1 to 40 characters. */
    name: kubeLabelSchema.max(40).default("exadeploy"),
    /** Namespace, created unless it is `default`. The backend's Pod Identity must use the same. */
    namespace: kubeLabelSchema.default(EXADEPLOY_PODS.namespace),
    /** Settings of that namespace. */
    namespaceSettings: z.strictObject(namespaceShape).superRefine(checkNamespace).optional(),
    /** Service account of all pods. The backend's Pod Identity must use the same. */
    serviceAccount: serviceAccountSchema
      .refine((name) => name !== "default", "must not be default, which pods of the namespace use by default")
      .default(EXADEPLOY_PODS.serviceAccount),
    /** All pools of the cluster, from `nodePools()`, to schedule each part on. */
    pools: poolsSchema,
    /** Secret whose text is ExaDeploy's API key, a lower-case UUID. */
    apiKeySecretArn: apiKeyArnSchema,
    /**
     * Backend of the module repository: a ModuleRepoBackend. When absent, the data is on the node's disk and lost with the
     * pod.
     */
    backend: remoteBackendSchema.optional(),
    /**
     * Secret with the keys `access_key` and `secret_key` of an IAM user with access to the backend's bucket. Charts up to
     * 1.1.1 require it; when absent, the pods use the role of their service account.
     */
    s3AccessKeySecretArn: secretArnSchema.optional(),
    /**
     * External Secrets, which keeps the backend's password and access key up to date: RDS rotates the password every week.
     * Without it, the password is updated by the next apply.
     */
    secretStore: secretStoreSchema.optional(),
    /** Region of the backend's database, which determines its CA certificates. */
    region: regionSchema.optional(),
    /** CA certificates of the database in PEM, for a region that this project has none for. */
    databaseCertificates: z
      .string()
      .max(1_000_000) // Kubernetes, "ConfigMaps": 1 MiB
      .regex(/^\s*-----BEGIN CERTIFICATE-----\n/, "must be certificates in PEM")
      .optional(),
    ...releaseShape,
    ...partShape,
    /** Path of a local copy of the chart, if no repository has it any more. */
    chartPath: z.string().min(1).optional(),
  })
  .superRefine((settings, ctx) => {
    checkRelease(settings, ctx);
    checkBackend(settings, ctx);
    const { namespace, namespaceSettings, chart, chartPath } = settings;
    if (namespace.startsWith("kube-")) refuse(ctx, "namespace", `must not begin with kube-, got ${namespace}`);
    if (namespace === "default" && namespaceSettings) {
      refuse(ctx, "namespaceSettings", "must be left out with the namespace default, which is not created here");
    }
    if (chartPath !== undefined && (chart.version !== undefined || chart.repository !== undefined)) {
      refuse(ctx, "chartPath", "must be left out with chart, which says where the chart comes from");
    }
  });
export type ExadeployProps = z.input<typeof schema>;
/** The settings without the wiring. */
export type ExadeploySettings = Omit<ExadeployProps, "pools" | "backend" | "secretStore" | "region" | "dependsOn">;
/** Checks these settings, without what follows from the pools and the backend. */
export const releaseSettings = checkedBy(schema, (settings: ExadeploySettings) => ({
  pools: [],
  backend: settings.s3AccessKeySecretArn || settings.databaseCertificates ? ANY_BACKEND : undefined,
  secretStore: undefined,
  region: undefined,
  dependsOn: undefined,
}));
type Settings = z.output<typeof schema>;

/** Charts whose templates require an access key for the bucket of a remote backend. */
const NEEDS_ACCESS_KEY = /^(0\.\d+\.\d+|1\.[01]\.\d+)$/;

/** ExaDeploy on a cluster: its secrets, its role in its namespace, and the release. */
export class Exadeploy extends Construct {
  readonly namespaceName: string;
  readonly releaseName: string;
  /** Service of the scheduler, in the namespace. */
  readonly schedulerServiceName: string;
  /** Service of the module repository, in the namespace. */
  readonly moduleRepositoryServiceName: string;
  readonly serviceAccountName: string;
  /** What dependents must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ExadeployProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, namespace, serviceAccount, suffix, pools } = settings;

    const namespaceReady = this.namespace(settings);
    const apiKey = new KubeSecret(this, "api-key", {
      name: `${name}-api-key`,
      namespace,
      secretArn: settings.apiKeySecretArn,
      whole: "api_key",
      pattern: `^${UUID}$`,
      dependsOn: namespaceReady,
    });
    const { backend, ready: backendReady } = this.backend(settings, namespaceReady);
    const role = new SchedulerRole(this, "scheduler-role", {
      name: `${name}-scheduler`,
      namespace,
      serviceAccount,
      secretNames: [apiKey.secretName, ...(backend?.accessKeySecret ? [backend.accessKeySecret] : [])],
      ingresses: settings.runner.ingressHost !== undefined,
      dependsOn: namespaceReady,
    });
    const chart = new HelmChart(this, "chart", {
      chartKey: settings.chartPath === undefined ? "exadeploy" : { path: settings.chartPath },
      chart: settings.chart,
      name,
      namespace,
      defaults: releaseValues({
        ...settings,
        apiKeySecret: { name: apiKey.secretName, key: "api_key" },
        scheduling: {
          scheduler: dedicatedScheduling(pools, "scheduler"),
          moduleRepository: dedicatedScheduling(pools, "module-repository"),
          runner: runnerScheduling(this, pools),
        },
        cpuOnly: this.cpuOnly(settings),
        backend,
      }),
      values: settings.values,
      timeoutSeconds: settings.timeoutSeconds,
      dependsOn: [...namespaceReady, ...apiKey.ready, ...backendReady, ...role.ready, ...settings.dependsOn],
    });

    const ending = suffix === "" ? "" : `-${suffix}`;
    this.namespaceName = namespace;
    this.releaseName = name;
    this.schedulerServiceName = `scheduler-service${ending}`;
    this.moduleRepositoryServiceName = `module-repository-service${ending}`;
    this.serviceAccountName = serviceAccount;
    this.ready = chart.ready;
  }

  private namespace({ namespace, namespaceSettings }: Settings): ITerraformDependable[] {
    if (namespace === "default") return [];
    return new KubeNamespace(this, "namespace", { ...namespaceSettings, name: namespace }).ready;
  }

  /** The release's view of the backend, with the secrets and certificates it refers to. */
  private backend(settings: Settings, dependsOn: ITerraformDependable[]) {
    const { name, namespace, backend, s3AccessKeySecretArn } = settings;
    if (!backend) return { ready: [] };
    const password = this.secret(settings, "database-password", {
      name: `${name}-database`,
      namespace,
      secretArn: backend.masterUserSecretArn,
      parts: { postgres_password: "password" },
      dependsOn,
    });
    const accessKey =
      s3AccessKeySecretArn === undefined
        ? undefined
        : this.secret(settings, "access-key", {
            name: `${name}-s3`,
            namespace,
            secretArn: s3AccessKeySecretArn,
            parts: { access_key: "access_key", secret_key: "secret_key" },
            dependsOn,
          });
    const certificates = { name: `${name}-rds-ca`, key: "rds-ca.pem" };
    const configMap = new ConfigMapV1(this, "database-certificates", {
      metadata: { name: certificates.name, namespace },
      data: { [certificates.key]: certificatesOf(settings) ?? "" },
      ...(dependsOn.length > 0 && { dependsOn }),
    });
    const release: ReleaseBackend = {
      ...backend,
      passwordSecret: { name: password.secretName, key: "postgres_password" },
      certificates,
      accessKeySecret: accessKey?.secretName,
    };
    return { backend: release, ready: [...password.ready, ...(accessKey?.ready ?? []), configMap] };
  }

  private secret({ secretStore }: Settings, id: string, source: KubeSecretProps): KubeSecret | SyncedSecret {
    return secretStore
      ? new SyncedSecret(this, id, { ...source, store: secretStore })
      : new KubeSecret(this, id, source);
  }

  /** Whether runners use no GPU; derived from the pools unless set. */
  private cpuOnly({ pools, runner: { cpuOnly } }: Settings): boolean {
    const runners = runnerPoolsOf(pools);
    const withGpu = poolsWith(runners, "gpu").length > 0;
    if (runners.length === 0) {
      Annotations.of(this).addWarning(
        "There is no runner pool, so runners cannot be scheduled: add one to runnerPools.",
      );
    } else if (cpuOnly === false && !withGpu) {
      const found = runners.map((pool) => pool.name).join(", ");
      const message = `must be left out or true where no runner pool has a GPU (${found}), got false`;
      throw wrongSetting(this, ["runner", "cpuOnly"], message);
    }
    return cpuOnly ?? !withGpu;
  }
}

const certificatesOf = ({ region = "", databaseCertificates }: Settings): string | undefined =>
  databaseCertificates ?? rdsCertificates(region);

function checkBackend(settings: Settings, ctx: z.RefinementCtx): void {
  const { backend, s3AccessKeySecretArn, secretStore, region, databaseCertificates, chart, chartPath } = settings;
  if (!backend) {
    if (s3AccessKeySecretArn !== undefined) refuse(ctx, "s3AccessKeySecretArn", "must be left out without backend");
    if (databaseCertificates !== undefined) refuse(ctx, "databaseCertificates", "must be left out without backend");
    if (secretStore) refuse(ctx, "secretStore", "must be left out without backend");
    return;
  }
  if (secretStore && !secretStore.allowedNamespaces.includes(settings.namespace)) {
    const found = secretStore.allowedNamespaces.join(", ");
    refuse(
      ctx,
      "secretStore",
      `must serve the namespace ${settings.namespace}, got ${found}; add it to allowedNamespaces`,
    );
  }
  const version = chartPath === undefined ? (chart.version ?? CHARTS.exadeploy.version) : "";
  if (s3AccessKeySecretArn === undefined && NEEDS_ACCESS_KEY.test(version)) {
    refuse(
      ctx,
      "s3AccessKeySecretArn",
      `is required with backend and the chart ${version}, which does not start without an access key, got nothing; or name a later chart`,
    );
  }
  if (region === undefined && databaseCertificates === undefined) {
    refuse(ctx, "region", "or databaseCertificates is required with backend, got neither");
  }
  if (region !== undefined && certificatesOf(settings) === undefined) {
    refuse(
      ctx,
      "databaseCertificates",
      `is required in ${region}, whose certificates this project does not have, got nothing`,
    );
  }
}
