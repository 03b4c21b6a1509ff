import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { PodIdentityRole } from "../aws/eks/pod-identity-role";
import { areDistinct } from "../common/collections";
import { policy } from "../common/iam/policy";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { orToken, parseProps, reference } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { CustomObjects } from "./custom-objects";
import { HelmChart, partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";
import { checkNamespace, KubeNamespace, namespaceShape } from "./kube-namespace";

/** ARN of a secret, or of all whose names begin alike: at least one character stands before the star. */
const secretPatternSchema = orToken(
  z
    .string()
    .regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+\*?$/,
      "must be the ARN of a secret, or of all whose names begin alike, such as arn:aws:secretsmanager:us-east-1:123456789012:secret:dev-*",
    ),
);

const schema = z.strictObject({
  /** Cluster that the secrets go to. */
  cluster: reference<{ clusterName: string }>("a Cluster", "clusterName"),
  /** Region of the secrets. */
  region: regionSchema,
  /** Namespaces whose ExternalSecrets are heeded, 1 to 100: whoever may make one there reads every secret named here. */
  allowedNamespaces: z.array(kubeLabelSchema).min(1).max(100).refine(areDistinct, "must name each namespace once"),
  /** Secrets that may be read, 1 to 100, each named once. */
  secretArns: z.array(secretPatternSchema).min(1).max(100).refine(areDistinct, "must name each secret once"),
  /** Keys of one's own that the secrets are encrypted with. */
  kmsKeyArns: z.array(kmsKeyArnSchema).max(20).default([]),
  /** Namespace, which is made. */
  namespace: kubeLabelSchema
    .refine((name) => name !== "default" && !name.startsWith("kube-"), "must not be default nor begin with kube-")
    .default("external-secrets"),
  /** Limits of that namespace; its pods are `restricted` unless told otherwise. */
  namespaceSettings: z
    .strictObject({ ...namespaceShape, podSecurity: namespaceShape.podSecurity.removeDefault().default("restricted") })
    .superRefine(checkNamespace)
    .prefault({}),
  /** Pods of the operator, 1 to 5; one of them works at a time. */
  replicas: z.int().min(1).max(5).default(2),
  ...partShape,
});
export type ExternalSecretsProps = z.input<typeof schema>;

const NAME = "external-secrets";
const STORE = "secrets-manager";

/** External Secrets: an operator that keeps Kubernetes Secrets equal to those of Secrets Manager, through every rotation. */
export class ExternalSecrets extends Construct {
  readonly namespaceName: string;
  readonly roleArn: string;
  /** Store, for all those namespaces, that ExternalSecrets name. */
  readonly storeName: string;
  readonly allowedNamespaces: readonly string[];
  /** What ExternalSecrets must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ExternalSecretsProps) {
    super(scope, id);
    const {
      cluster,
      region,
      allowedNamespaces,
      secretArns,
      kmsKeyArns,
      namespace,
      namespaceSettings,
      replicas,
      dependsOn,
      ...release
    } = parseProps(this, schema, props);
    const { clusterName } = cluster;
    const home = new KubeNamespace(this, "namespace", { ...namespaceSettings, name: namespace });
    const role = new PodIdentityRole(this, "role", {
      name: Token.isUnresolved(clusterName) ? NAME : `${clusterName}-${NAME}`,
      clusterName,
      namespace,
      serviceAccount: NAME,
      // Source: external-secrets.io, "AWS Secrets Manager", without the listing that finding secrets by tag takes
      policy: policy(
        {
          Sid: "Read",
          Action: ["DescribeSecret", "GetResourcePolicy", "GetSecretValue", "ListSecretVersionIds"].map(
            (action) => `secretsmanager:${action}`,
          ),
          Resource: [...secretArns].sort(),
        },
        ...(kmsKeyArns.length > 0 ? [{ Sid: "Decrypt", Action: "kms:Decrypt", Resource: [...kmsKeyArns].sort() }] : []),
      ),
    });
    const chart = new HelmChart(this, "chart", {
      chartKey: NAME,
      name: NAME,
      namespace,
      defaults: {
        installCRDs: true,
        replicaCount: replicas,
        leaderElect: replicas > 1,
        serviceAccount: { create: true, name: NAME },
        processClusterExternalSecret: false, // nobody fills Secrets of every namespace at once
        crds: { createClusterExternalSecret: false, createClusterPushSecret: false, createPushSecret: false },
        processClusterPushSecret: false,
        processPushSecret: false,
      },
      dependsOn: [...home.ready, ...role.ready, ...dependsOn],
      ...release,
    });
    const store = new CustomObjects(this, "store", {
      name: STORE,
      namespace,
      objects: [
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ClusterSecretStore",
          metadata: { name: STORE },
          spec: {
            provider: { aws: { service: "SecretsManager", region } }, // by the operator's own role
            conditions: [{ namespaces: [...allowedNamespaces].sort() }],
          },
        },
      ],
      dependsOn: chart.ready,
    });

    this.namespaceName = namespace;
    this.roleArn = role.roleArn;
    this.storeName = STORE;
    this.allowedNamespaces = allowedNamespaces;
    this.ready = store.ready;
  }
}
