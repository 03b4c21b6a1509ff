import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { PodIdentityRole } from "../aws/eks/pod-identity-role";
import { areDistinct } from "../common/collections";
import { policy } from "../common/iam/policy";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { checkedBy } from "../common/settings/checked-by";
import { orToken, parseProps, reference } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { CustomObjects } from "./custom-objects";
import { HelmChart, partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";
import { checkNamespace, KubeNamespace, namespaceShape } from "./kube-namespace";

/** ARN of a secret, or a prefix of at least one character followed by a star. */
const secretPatternSchema = orToken(
  z
    .string()
    .regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+\*?$/,
      "must be the ARN of a secret, or a prefix followed by *, such as arn:aws:secretsmanager:us-east-1:123456789012:secret:dev-*",
    ),
);

const schema = z.strictObject({
  /** Cluster to install the operator in. */
  cluster: reference<{ clusterName: string }>("a Cluster", "clusterName"),
  /** Region of the secrets. */
  region: regionSchema,
  /** Namespaces served, 1 to 100: anybody who can create an ExternalSecret there can read every secret in `secretArns`. */
  allowedNamespaces: z.array(kubeLabelSchema).min(1).max(100).refine(areDistinct, "must name each namespace once"),
  /** Secrets that the operator may read, 1 to 100, unique. */
  secretArns: z.array(secretPatternSchema).min(1).max(100).refine(areDistinct, "must name each secret once"),
  /** Customer managed keys that encrypt the secrets. */
  kmsKeyArns: z.array(kmsKeyArnSchema).max(20).default([]),
  /** Namespace to create. */
  namespace: kubeLabelSchema
    .refine((name) => name !== "default" && !name.startsWith("kube-"), "must not be default nor begin with kube-")
    .default("external-secrets"),
  /** Settings of that namespace. */
  namespaceSettings: z
    .strictObject({ ...namespaceShape, podSecurity: namespaceShape.podSecurity.removeDefault().default("restricted") })
    .superRefine(checkNamespace)
    .prefault({}),
  /** Replicas of the operator, 1 to 5, of which one is active. */
  replicas: z.int().min(1).max(5).default(2),
  ...partShape,
});
export type ExternalSecretsProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const externalSecretsSettings = checkedBy(schema, {
  cluster: { clusterName: "any" },
  region: "us-west-2",
  dependsOn: undefined,
});

const NAME = "external-secrets";
const STORE = "secrets-manager";

/** External Secrets operator: keeps Kubernetes Secrets in sync with Secrets Manager, including rotations. */
export class ExternalSecrets extends Construct {
  readonly namespaceName: string;
  readonly roleArn: string;
  /** Name of the ClusterSecretStore that ExternalSecrets refer to. */
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
    const namespaceWithLimits = new KubeNamespace(this, "namespace", { ...namespaceSettings, name: namespace });
    const role = new PodIdentityRole(this, "role", {
      name: Token.isUnresolved(clusterName) ? NAME : `${clusterName}-${NAME}`,
      clusterName,
      namespace,
      serviceAccount: NAME,
      // Source: external-secrets.io, "AWS Secrets Manager", without the listing needed to find secrets by tag
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
        processClusterExternalSecret: false, // no Secrets across all namespaces
        crds: { createClusterExternalSecret: false, createClusterPushSecret: false, createPushSecret: false },
        processClusterPushSecret: false,
        processPushSecret: false,
      },
      dependsOn: [...namespaceWithLimits.ready, ...role.ready, ...dependsOn],
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
