import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { Annotations, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { serviceAccountSchema } from "../aws/eks/pod-identity-role";
import { secretArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { InputError, parseProps } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { CHARTS } from "../kube/charts";
import { HelmChart, partShape } from "../kube/helm-chart";
import { kubeLabelSchema } from "../kube/kube-names";
import { checkNamespace, KubeNamespace, namespaceShape } from "../kube/kube-namespace";
import { KubeSecret, type KubeSecretProps } from "../kube/kube-secret";
import { dedicatedScheduling, poolsSchema, poolsWith, runnerPoolsOf, runnerScheduling } from "../kube/pool-scheduling";
import { SyncedSecret, secretStoreSchema } from "../kube/synced-secret";
import { rdsCertificates } from "./rds-certificates";
import { checkRelease, releaseShape } from "./release-settings";
import { type ReleaseBackend, releaseValues } from "./release-values";
import { remoteBackendSchema } from "./remote-backend";
import { SchedulerRole } from "./scheduler-role";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** ARN of the API key's secret; a key that stands here by mistake must not get into the error. */
const apiKeyArnSchema = z
  .custom<string>()
  .refine((arn) => typeof arn !== "string" || !new RegExp(`^${UUID}$`, "i").test(arn), {
    message: "must be the ARN of the secret that holds the API key, never the key itself, got a UUID",
  })
  .pipe(secretArnSchema);

const schema = z
  .strictObject({
    /** Name of the release, and beginning of the names of what is made for it: 1 to 40 characters. */
    name: kubeLabelSchema.max(40).default("exadeploy"),
    /** Namespace of all of it, which is made unless it is `default`. The backend's Pod Identity must name the same. */
    namespace: kubeLabelSchema.default("exadeploy"),
    /** Limits of that namespace; its pods are `baseline` when absent. */
    namespaceSettings: z.strictObject(namespaceShape).superRefine(checkNamespace).optional(),
    /** Service account of all pods. The backend's Pod Identity must name the same. */
    serviceAccount: serviceAccountSchema
      .refine(
        (name) => name !== "default",
        "must not be default, which every pod of the namespace has unless told otherwise",
      )
      .default("exadeploy"),
    /** All pools of the cluster, by which each part finds its nodes; from `nodePools()`. */
    pools: poolsSchema,
    /** Secret that holds ExaDeploy's API key, a lower-case UUID, as it is. */
    apiKeySecretArn: apiKeyArnSchema,
    /**
     * Where the module repository keeps its data: a ModuleRepoBackend. When absent, the data lies on the disk of the
     * node and is gone with the pod.
     */
    backend: remoteBackendSchema.optional(),
    /**
     * Secret with the keys `access_key` and `secret_key` of an IAM user who may use the backend's bucket. The chart up to
     * 1.1.1 starts with nothing else; when absent, the pods use the role of their service account.
     */
    s3AccessKeySecretArn: secretArnSchema.optional(),
    /**
     * External Secrets, through which the backend's password and access key are kept up to date: RDS makes a new password
     * every week. Without it, an apply after that renews the password.
     */
    secretStore: secretStoreSchema.optional(),
    /** Region of the backend's database, by which its certificates are found. */
    region: regionSchema.optional(),
    /** Certificates in PEM that the database's is signed by, for a region that this project has none of. */
    databaseCertificates: z
      .string()
      .max(1_000_000) // Kubernetes, "ConfigMaps": 1 MiB
      .regex(/^\s*-----BEGIN CERTIFICATE-----\n/, "must be certificates in PEM")
      .optional(),
    ...releaseShape,
    ...partShape,
    /** Folder with a copy of the chart, where no repository has it any more. */
    chartPath: z.string().min(1).optional(),
  })
  .superRefine((settings, ctx) => {
    checkRelease(settings, ctx);
    checkBackend(settings, ctx);
    const { namespace, namespaceSettings, chart, chartPath } = settings;
    if (namespace.startsWith("kube-")) refuse(ctx, "namespace", `must not begin with kube-, got ${namespace}`);
    if (namespace === "default" && namespaceSettings) {
      refuse(ctx, "namespaceSettings", "must be left out with the namespace default, which is not made here");
    }
    if (chartPath !== undefined && (chart.version !== undefined || chart.repository !== undefined)) {
      refuse(ctx, "chartPath", "must be left out with chart, which says where the chart comes from");
    }
  });
export type ExadeployProps = z.input<typeof schema>;
/** What a user sets; the rest is wiring. */
export type ExadeploySettings = Omit<ExadeployProps, "pools" | "backend" | "secretStore" | "region" | "dependsOn">;
type Settings = z.output<typeof schema>;

/** Charts whose templates fail where the bucket of a remote backend comes without an access key. */
const NEEDS_ACCESS_KEY = /^(0\.\d+\.\d+|1\.[01]\.\d+)$/;

/** ExaDeploy on a cluster: its secrets, its rights in its namespace, and the release. */
export class Exadeploy extends Construct {
  readonly namespaceName: string;
  readonly releaseName: string;
  /** Service that clients reach the scheduler by, within the namespace. */
  readonly schedulerServiceName: string;
  /** Service that clients reach the module repository by, within the namespace. */
  readonly moduleRepositoryServiceName: string;
  readonly serviceAccountName: string;
  /** What must wait for the release. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ExadeployProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, namespace, serviceAccount, suffix, pools } = settings;

    const home = this.home(settings);
    const apiKey = new KubeSecret(this, "api-key", {
      name: `${name}-api-key`,
      namespace,
      secretArn: settings.apiKeySecretArn,
      whole: "api_key",
      pattern: `^${UUID}$`,
      dependsOn: home,
    });
    const { backend, ready: backendReady } = this.backend(settings, home);
    const role = new SchedulerRole(this, "scheduler-role", {
      name: `${name}-scheduler`,
      namespace,
      serviceAccount,
      secretNames: [apiKey.secretName, ...(backend?.accessKeySecret ? [backend.accessKeySecret] : [])],
      ingresses: settings.runner.ingressHost !== undefined,
      dependsOn: home,
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
      dependsOn: [...home, ...apiKey.ready, ...backendReady, ...role.ready, ...settings.dependsOn],
    });

    const ending = suffix === "" ? "" : `-${suffix}`;
    this.namespaceName = namespace;
    this.releaseName = name;
    this.schedulerServiceName = `scheduler-service${ending}`;
    this.moduleRepositoryServiceName = `module-repository-service${ending}`;
    this.serviceAccountName = serviceAccount;
    this.ready = chart.ready;
  }

  private home({ namespace, namespaceSettings }: Settings): ITerraformDependable[] {
    if (namespace === "default") return [];
    return new KubeNamespace(this, "namespace", { ...namespaceSettings, name: namespace }).ready;
  }

  /** What the release takes of the backend, with the secrets and the certificates that it names. */
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

  /** Whether runners do without a GPU, which the pools decide unless the user does. */
  private cpuOnly({ pools, runner: { cpuOnly } }: Settings): boolean {
    const runners = runnerPoolsOf(pools);
    const withGpu = poolsWith(runners, "gpu").length > 0;
    if (runners.length === 0) {
      Annotations.of(this).addWarning(
        "There is no runner pool, so that no runner will find a node: add one to runnerPools.",
      );
    } else if (cpuOnly === false && !withGpu) {
      const found = runners.map((pool) => pool.name).join(", ");
      throw new InputError(
        `${this.node.path}: runner.cpuOnly: must be left out or true where no runner pool has a GPU (${found}), got false`,
      );
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
