import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Release } from "@cdktf/provider-helm/lib/release";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { nodePools, type PoolSettings } from "../../../modules/kube/pool-scheduling";
import { PrometheusStack, type PrometheusStackProps } from "../../../modules/kube/prometheus-stack";
import { errorOf, rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, refTo, synth } from "../../support/synth";
import { matchesGolden } from "./golden.fixture";

const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:write-AbC123";
const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d";
type Settings = Omit<PrometheusStackProps, "pools"> & { pools?: PoolSettings };
const make = inCluster(
  (stack, { pools = {}, ...props }: Partial<Settings> = {}) =>
    new PrometheusStack(stack, "watch", { cluster: { clusterName: "ml" }, pools: nodePools(stack, pools), ...props }),
);
const build = (props: Partial<Settings> = {}) => synth((stack) => make(stack, props));
const valuesOf = ({ one }: { one: (type: typeof Release) => Json }): Json => JSON.parse(one(Release).values[0]);
const golden = (props: Partial<Settings>, name: string) => matchesGolden(valuesOf(build(props)), name);

it("is a namespace, a password that nobody sees, and the release", async () => {
  const { one, all, parsed } = build();
  expect(Object.keys(parsed.resource).sort()).toEqual([
    "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_version",
    "helm_release",
    "kubernetes_namespace_v1",
    "kubernetes_secret_v1",
  ]);
  expect(one(NamespaceV1).metadata).toMatchObject({
    name: "prometheus",
    labels: { "pod-security.kubernetes.io/enforce": "privileged" },
  });
  expect(one(Release)).toMatchObject({
    name: "prometheus",
    namespace: "prometheus",
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "kube-prometheus-stack",
  });
  expect(one(SecretsmanagerSecret)).toMatchObject({ name_prefix: "grafana-admin-" });
  expect(one(SecretV1).metadata).toEqual({ name: "grafana-admin", namespace: "prometheus" });
  expect(one(SecretV1).data_wo["admin-user"]).toBe("admin");
  expect(one(SecretV1).data_wo["admin-password"]).toMatch(/^\$\{ephemeral\..*\.secret_string\}$/);
  const reads = Object.values<Json>(parsed.ephemeral.aws_secretsmanager_secret_version);
  expect(reads.map(({ secret_id }) => secret_id)).toEqual([refTo(SecretsmanagerSecretVersion, "arn")]);
  expect(all(EksPodIdentityAssociation)).toEqual([]);
  await golden({}, "kube-prometheus-stack");
});
it("has everything on where all is asked", async () => {
  await golden(
    {
      volumeSize: "500Gi",
      storageClass: "fast",
      retentionDays: 90,
      scrapeIntervalSeconds: 15,
      cpu: "2",
      memory: "16Gi",
      grafana: { adminSecretArn: SECRET, public: { certificateArn: CERTIFICATE, sourceRanges: ["192.0.2.0/24"] } },
      remoteWrite: { kind: "basic-auth", url: "https://write.example.com/push", secretArn: SECRET },
    },
    "kube-prometheus-stack-all",
  );
});
it("runs on the nodes for it, or anywhere without them", () => {
  const spec = (pools: PoolSettings) => valuesOf(build({ pools })).prometheus.prometheusSpec;
  expect(spec({})).toMatchObject({
    nodeSelector: { role: "prometheus" },
    tolerations: [{ key: "dedicated", operator: "Equal", value: "prometheus", effect: "NoSchedule" }],
  });
  expect(spec({ systemGroups: { prometheus: false } })).toMatchObject({ nodeSelector: {}, tolerations: [] });
});
it("sends samples nowhere by default, never with a key in a label, and waits for what that needs", () => {
  expect(JSON.stringify(valuesOf(build()))).not.toMatch(/remoteWrite|api_key/);
  const stack = build({ remoteWrite: { kind: "amazon", region: "us-east-1" } });
  const { remoteWrite } = valuesOf(stack).prometheus.prometheusSpec;
  expect(remoteWrite).toHaveLength(1);
  expect(remoteWrite[0]).not.toHaveProperty("writeRelabelConfigs");
  const types = stack.one(Release).depends_on.map((address: string) => address.split(".")[0]);
  expect(types.sort()).toEqual(["aws_eks_pod_identity_association", "kubernetes_namespace_v1", "kubernetes_secret_v1"]);
  expect(stack.one(EksPodIdentityAssociation).service_account).toBe(valuesOf(stack).prometheus.serviceAccount.name);
});
it("takes a password of yours, and none where Grafana is off", () => {
  const yours = build({ grafana: { adminSecretArn: SECRET } });
  expect(yours.all(SecretsmanagerSecret)).toEqual([]);
  const off = build({ grafana: false });
  expect([off.all(SecretV1), off.all(SecretsmanagerSecret)]).toEqual([[], []]);
  expect(valuesOf(off).grafana).toEqual({ enabled: false });
});
it("keeps every secret out of the values", () => {
  const stack = build({ remoteWrite: { kind: "basic-auth", url: "https://a.example", secretArn: SECRET } });
  expect(JSON.stringify(stack.one(Release))).not.toMatch(/ephemeral|secretsmanager|secret_string/);
});
it("exposes its URL and what it created", () => {
  let made: PrometheusStack | undefined;
  synth((stack) => {
    made = make(stack, { namespace: "watch", remoteWrite: { kind: "amazon", region: "us-east-1" } });
  });
  expect(made?.namespaceName).toBe("watch");
  expect(made?.prometheusUrl).toBe("http://prometheus-kube-prometheus-prometheus.watch:9090");
  expect([made?.grafanaAdminSecretArn, made?.workspaceArn].every(Token.isUnresolved)).toBe(true);
  expect(made?.ready).toHaveLength(1);
  synth((stack) => {
    made = make(stack, { grafana: false });
  });
  expect(errorOf(() => made?.grafanaAdminSecretArn).message).toContain("grafana: must be on");
  expect(errorOf(() => made?.workspaceArn).message).toContain("remoteWrite: must be of kind amazon");
});
it.each<Partial<Settings>>([
  { volumeSize: "1Gi" },
  { retentionDays: 1 },
  { retentionDays: 3650 },
  { scrapeIntervalSeconds: 5 },
  { scrapeIntervalSeconds: 300 },
  {
    cluster: { clusterName: Token.asString({ resolve: () => "late" }) },
    remoteWrite: { kind: "amazon", region: "us-east-1" },
  },
])("takes %j", (props) => {
  expect(build(props).all(Release)).toHaveLength(1);
});

const amazon = { kind: "amazon", region: "us-east-1" };
const workspace = { arn: "arn:aws:aps:us-east-1:111122223333:workspace/ws-1", endpoint: "https://a.example/" };
const basic = { kind: "basic-auth", url: "https://a.example", secretArn: SECRET };
const open = { certificateArn: CERTIFICATE, sourceRanges: ["192.0.2.0/24"] };
rejects<object>(
  "test/watch",
  [
    ["cluster", { cluster: "ml" }, "a Cluster"],
    ["namespace", { namespace: "kube-system" }, "kube-"],
    ["namespace", { namespace: "default" }, "default"],
    ["namespace", { namespace: "a.b" }, "lower-case"],
    ["volumeSize", { volumeSize: "1023Mi" }, "at least 1Gi"],
    ["volumeSize", { volumeSize: "100GB" }, "50Gi"],
    ["storageClass", { storageClass: "GP3" }, "lower-case"],
    ["retentionDays", { retentionDays: 0 }, "at least 1"],
    ["retentionDays", { retentionDays: 3651 }, "at most 3650"],
    ["scrapeIntervalSeconds", { scrapeIntervalSeconds: 4 }, "at least 5"],
    ["scrapeIntervalSeconds", { scrapeIntervalSeconds: 301 }, "at most 300"],
    ["cpu", { cpu: "0" }, "more than 0"],
    ["memory", { memory: "4G" }, "50Gi"],
    ["grafana", { grafana: true }, "must be false or an object"],
    ["grafana.kmsKeyArn", { grafana: { kmsKeyArn: "alias/mine" } }, "ARN of a KMS key"],
    ["grafana.adminSecretArn", { grafana: { adminSecretArn: "hunter2" } }, "ARN of a secret"],
    ["grafana.password", { grafana: { password: "x" } }, "unknown key"],
    ["grafana.public.certificateArn", { grafana: { public: { ...open, certificateArn: undefined } } }, "certificate"],
    ["grafana.public.sourceRanges", { grafana: { public: { ...open, sourceRanges: undefined } } }, "got none"],
    ["grafana.public.sourceRanges", { grafana: { public: { ...open, sourceRanges: [] } } }, "got none"],
    ["grafana.public.sourceRanges[0]", { grafana: { public: { ...open, sourceRanges: ["0.0.0.0/0"] } } }, "internet"],
    ["grafana.public.sourceRanges[0]", { grafana: { public: { ...open, sourceRanges: ["10.0.0.0/7"] } } }, "/8"],
    ["remoteWrite", { remoteWrite: true }],
    ["remoteWrite.kind", { remoteWrite: { kind: "vendor" } }, "basic-auth, amazon"],
    ["remoteWrite.secretArn", { remoteWrite: { ...basic, secretArn: undefined } }, "is required"],
    ["remoteWrite.url", { remoteWrite: { ...basic, url: undefined } }, "is required"],
    ["remoteWrite.url", { remoteWrite: { ...basic, url: "http://a.example" } }, "https://"],
    ["remoteWrite.password", { remoteWrite: { ...basic, password: "x" } }, "unknown key"],
    ["remoteWrite.region", { remoteWrite: { kind: "amazon" } }, "is required"],
    ["remoteWrite.workspace.arn", { remoteWrite: { ...amazon, workspace: { ...workspace, arn: "ws-1" } } }, "ARN"],
    [
      "remoteWrite.kmsKeyArn",
      { remoteWrite: { ...amazon, workspace, kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1" } },
      "left out with workspace",
    ],
    ["timeoutSeconds", { timeoutSeconds: 3601 }, "at most 3600"],
    ["retention", { retention: "15d" }, "unknown key"],
  ],
  (stack, wrong) => make(stack, wrong as Partial<Settings>),
);
