import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Release } from "@cdktf/provider-helm/lib/release";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { ExternalSecrets, type ExternalSecretsProps } from "../../../modules/kube/external-secrets";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";

const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:dev-*";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";
const MINIMAL: ExternalSecretsProps = {
  cluster: { clusterName: "ml" },
  region: "us-east-1",
  allowedNamespaces: ["ml"],
  secretArns: [SECRET],
};
const make = inCluster(
  (stack, props: Partial<ExternalSecretsProps> = {}) => new ExternalSecrets(stack, "eso", { ...MINIMAL, ...props }),
);
const build = (props: Partial<ExternalSecretsProps> = {}) => synth((stack) => make(stack, props));
const releases = ({ all }: { all: (type: typeof Release) => Json[] }) => {
  const [operator, store, ...others] = all(Release).sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(others).toEqual([]);
  return { operator, store };
};
const values = (props: Partial<ExternalSecretsProps> = {}): Json =>
  JSON.parse(releases(build(props)).operator.values[0]);
const statements = (props: Partial<ExternalSecretsProps> = {}) =>
  JSON.parse(build(props).one(IamRolePolicy).policy).Statement;

it("is a namespace of restricted pods, a role for the service account, and the release after both", async () => {
  const stack = build();
  const { one } = stack;
  const { operator } = releases(stack);
  expect(one(NamespaceV1).metadata).toMatchObject({
    name: "external-secrets",
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
  expect(one(EksPodIdentityAssociation)).toMatchObject({
    cluster_name: "ml",
    namespace: "external-secrets",
    service_account: "external-secrets",
  });
  expect(operator).toMatchObject({
    name: "external-secrets",
    namespace: "external-secrets",
    repository: "https://charts.external-secrets.io",
    chart: "external-secrets",
  });
  const types = operator.depends_on.map((address: string) => address.split(".")[0]);
  expect(types.sort()).toEqual(["aws_eks_pod_identity_association", "kubernetes_namespace_v1"]);
  await expect(`${JSON.stringify(values(), null, 2)}\n`).toMatchFileSnapshot("rendered/external-secrets.json");
});
it("has a store for the namespaces named, by its own role, once the operator is there", () => {
  const { store, operator } = releases(build({ allowedNamespaces: ["ml", "apps"] }));
  expect(operator.name).toBe("external-secrets");
  expect(store).toMatchObject({
    name: "secrets-manager",
    namespace: "external-secrets",
    depends_on: [expect.stringMatching(/^helm_release\..*chart/)],
  });
  expect(JSON.parse(store.values[0]).objects).toEqual([
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterSecretStore",
      metadata: { name: "secrets-manager" },
      spec: {
        provider: { aws: { service: "SecretsManager", region: "us-east-1" } },
        conditions: [{ namespaces: ["apps", "ml"] }],
      },
    },
  ]);
});
it("may read the secrets named, and write or list none", () => {
  const other = "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbC123";
  expect(statements({ secretArns: [SECRET, other] })).toEqual([
    {
      Sid: "Read",
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds",
      ],
      Resource: [other, SECRET],
    },
  ]);
});
it("may decrypt with keys of one's own where there are such", () => {
  expect(statements({ kmsKeyArns: [KEY] })[1]).toEqual({
    Sid: "Decrypt",
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: [KEY],
  });
});
it("chooses a leader only among several", () => {
  expect(values()).toMatchObject({ replicaCount: 2, leaderElect: true });
  expect(values({ replicas: 1 })).toMatchObject({ replicaCount: 1, leaderElect: false });
});
it("limits its namespace as asked, and stays restricted unless told", () => {
  const labels = (podSecurity?: "baseline") =>
    build({ namespaceSettings: { podSecurity, quota: { pods: 9 } } }).one(NamespaceV1).metadata.labels;
  expect(labels()["pod-security.kubernetes.io/enforce"]).toBe("restricted");
  expect(labels("baseline")["pod-security.kubernetes.io/enforce"]).toBe("baseline");
});
it("takes what another stack tells, and tells what a store names", () => {
  const late = Token.asString({ resolve: () => "late" });
  let made: ExternalSecrets | undefined;
  const { one } = synth((stack) => {
    made = make(stack, { cluster: { clusterName: late }, secretArns: [late], namespace: "eso" });
  });
  expect(one(IamRole).name_prefix).toBe("external-secrets-");
  expect(made).toMatchObject({ namespaceName: "eso", storeName: "secrets-manager", allowedNamespaces: ["ml"] });
  expect(Token.isUnresolved(made?.roleArn)).toBe(true);
  expect(made?.ready).toHaveLength(1);
});
rejects<object>(
  "test/eso",
  [
    ["cluster", { cluster: "ml" }, "a Cluster"],
    ["region", { region: undefined }, "is required"],
    ["region", { region: "Virginia" }, "us-west-2"],
    ["allowedNamespaces", { allowedNamespaces: [] }, "at least 1"],
    ["allowedNamespaces", { allowedNamespaces: ["a", "a"] }, "each namespace once"],
    ["allowedNamespaces[0]", { allowedNamespaces: ["*"] }, "lower-case"],
    ["secretArns", { secretArns: undefined }, "is required"],
    ["secretArns", { secretArns: [] }, "at least 1"],
    ["secretArns", { secretArns: [SECRET, SECRET] }, "each secret once"],
    ["secretArns", { secretArns: Array.from({ length: 101 }, (_, i) => `${SECRET.slice(0, -1)}${i}`) }, "at most 100"],
    ["secretArns[0]", { secretArns: ["*"] }, "ARN of a secret"],
    [
      "secretArns[0]",
      { secretArns: ["arn:aws:secretsmanager:us-east-1:111122223333:secret:*"] },
      "a prefix followed by *",
    ],
    ["secretArns[0]", { secretArns: ["arn:aws:secretsmanager:*:111122223333:secret:a"] }, "ARN of a secret"],
    ["kmsKeyArns[0]", { kmsKeyArns: ["alias/a"] }, "ARN of a KMS key"],
    ["kmsKeyArns", { kmsKeyArns: Array(21).fill(KEY) }, "at most 20"],
    ["namespace", { namespace: "default" }, "must not be default"],
    ["namespace", { namespace: "kube-system" }, "kube-"],
    ["namespaceSettings.quota", { namespaceSettings: { quota: {} } }, "at least one amount"],
    ["replicas", { replicas: 0 }, "at least 1"],
    ["replicas", { replicas: 6 }, "at most 5"],
    ["timeoutSeconds", { timeoutSeconds: 59 }, "at least 60"],
    ["secrets", { secrets: [] }, "unknown key"],
  ],
  (stack, wrong) => make(stack, wrong as Partial<ExternalSecretsProps>),
);
