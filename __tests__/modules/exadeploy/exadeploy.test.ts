import { Release } from "@cdktf/provider-helm/lib/release";
import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { TerraformResource, Token } from "cdktf";
import { expect, it } from "vitest";
import { Exadeploy, type ExadeployProps } from "../../../modules/exadeploy/exadeploy";
import { nodePools, type PoolSettings } from "../../../modules/kube/pool-scheduling";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";

const secret = (name: string) => `arn:aws:secretsmanager:us-west-1:111122223333:secret:${name}-AbC123`;
const BACKEND = {
  rdsAddress: "db.example.com",
  rdsPort: 5432,
  rdsUsername: "exa",
  rdsDatabase: "modulerepo",
  masterUserSecretArn: secret("rds!db-1"),
  s3BucketId: "modules",
  s3Region: "us-west-1",
};
const MINIMAL: Omit<ExadeployProps, "pools"> = {
  apiKeySecretArn: secret("key"),
  scheduler: { image: "registry.example.com/scheduler:0.10.0" },
  moduleRepository: { image: "registry.example.com/module-repository:0.10.0" },
  runner: { image: "registry.example.com/runner:0.10.0" },
};
const REMOTE = { backend: BACKEND, region: "us-west-1", s3AccessKeySecretArn: secret("s3") };
/** Props with the settings of a cluster in place of its pools. */
type Settings = Omit<ExadeployProps, "pools"> & { pools?: PoolSettings };
const make = inCluster(
  (stack, { pools = {}, ...props }: Partial<Settings> = {}) =>
    new Exadeploy(stack, "exa", { ...MINIMAL, pools: nodePools(stack, pools), ...props }),
);
const build = (props: Partial<Settings> = {}) => synth((stack) => make(stack, props));
const valuesOf = ({ one }: { one: (type: typeof Release) => Json }): Json => JSON.parse(one(Release).values[0]);
const values = (props: Partial<Settings> = {}) => valuesOf(build(props));
const named = (objects: Json[]) => objects.map(({ metadata }) => metadata.name).sort();
const pool = { instanceTypes: ["g5.xlarge"], minSize: 0, maxSize: 3 };

it("is a namespace, the API key's Secret, a role and the release, and keeps modules on the node", async () => {
  const { one, parsed } = build();
  expect(Object.keys(parsed.resource).sort()).toEqual([
    "helm_release",
    "kubernetes_namespace_v1",
    "kubernetes_role_binding_v1",
    "kubernetes_role_v1",
    "kubernetes_secret_v1",
  ]);
  expect(one(NamespaceV1).metadata).toEqual({
    name: "exadeploy",
    labels: { "pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "baseline" },
  });
  expect(one(Release)).toMatchObject({
    name: "exadeploy",
    namespace: "exadeploy",
    repository: "https://exafunction.github.io/helm-charts",
    chart: "exadeploy",
    version: "1.1.1",
  });
  const text = `${JSON.stringify(values(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("rendered/exadeploy-local.json");
});
it("is the whole of a remote backend too", async () => {
  const { all, one } = build(REMOTE);
  expect(named(all(SecretV1))).toEqual(["exadeploy-api-key", "exadeploy-database", "exadeploy-s3"]);
  expect(one(ConfigMapV1).metadata).toEqual({ name: "exadeploy-rds-ca", namespace: "exadeploy" });
  expect(Object.keys(one(ConfigMapV1).data)).toEqual(["rds-ca.pem"]);
  expect(one(ConfigMapV1).data["rds-ca.pem"].match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  const text = `${JSON.stringify(values(REMOTE), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("rendered/exadeploy-remote.json");
});
it("names the ConfigMap and each Secret by the keys that they have", () => {
  const stack = build(REMOTE);
  const { moduleRepository, exafunction } = valuesOf(stack);
  const { postgres, s3 } = moduleRepository.backend.remote;
  const keys = Object.fromEntries(
    stack.all(SecretV1).map(({ metadata, data_wo }) => [metadata.name, Object.keys(data_wo).sort()]),
  );
  expect(keys[exafunction.apiKeySecret.name]).toEqual([exafunction.apiKeySecret.key]);
  expect(keys[postgres.passwordSecret.name]).toEqual([postgres.passwordSecret.key]);
  expect(keys[s3.awsAccessKeySecret.name]).toEqual([
    s3.awsAccessKeySecret.accessKeyIdKey,
    s3.awsAccessKeySecret.secretAccessKeyKey,
  ]);
  const { metadata, data } = stack.one(ConfigMapV1);
  expect([metadata.name, ...Object.keys(data)]).toEqual([postgres.sslConfigMapName, postgres.sslCertificateName]);
});
it("reads the password and the access key by their parts, the API key as a UUID", () => {
  const { all, parsed } = build(REMOTE);
  const secrets = Object.fromEntries(all(SecretV1).map((each) => [each.metadata.name, each.data_wo]));
  expect(secrets["exadeploy-database"].postgres_password).toMatch(/secret_string\)\["password"\]\}$/);
  expect(secrets["exadeploy-s3"].access_key).toMatch(/secret_string\)\["access_key"\]\}$/);
  expect(secrets["exadeploy-s3"].secret_key).toMatch(/secret_string\)\["secret_key"\]\}$/);
  const reads = Object.values<Json>(parsed.ephemeral.aws_secretsmanager_secret_version);
  expect(reads.map(({ secret_id }) => secret_id).sort()).toEqual([secret("key"), secret("rds!db-1"), secret("s3")]);
  const pattern = new RegExp(/regex\("(.*)", /.exec(secrets["exadeploy-api-key"].api_key)?.[1] ?? "");
  expect(pattern.test("01234567-89ab-cdef-0123-456789abcdef")).toBe(true);
  for (const wrong of ["01234567-89AB-cdef-0123-456789abcdef", "01234567", " 01234567-89ab-cdef-0123-456789abcdef"]) {
    expect(pattern.test(wrong)).toBe(false);
  }
});
it("keeps every secret out of values, ConfigMaps and labels", () => {
  const { all, one } = build(REMOTE);
  const seen = JSON.stringify([one(Release), all(ConfigMapV1), all(NamespaceV1), all(SecretV1).map((s) => s.metadata)]);
  expect(seen).not.toMatch(/ephemeral|secret_string|secretsmanager/);
  for (const each of all(SecretV1)) {
    expect(each).not.toHaveProperty("data");
    expect(each.data_wo_revision).toBeDefined();
  }
});
it("binds nobody to the cluster, nor the default service account", () => {
  const { all, one, json } = build(REMOTE);
  expect(all(ClusterRoleBindingV1)).toEqual([]);
  expect(json).not.toContain("cluster-admin");
  expect(one(RoleBindingV1).subject).toEqual([{ kind: "ServiceAccount", name: "exadeploy", namespace: "exadeploy" }]);
  expect(one(RoleV1).rule).toContainEqual({
    api_groups: [""],
    resources: ["secrets"],
    resource_names: ["exadeploy-api-key", "exadeploy-s3"],
    verbs: ["get"],
  });
  expect(valuesOf({ one }).serviceAccount).toEqual({ create: true, name: "exadeploy" });
});
it("waits for the namespace, the secrets, the certificates, the role, and what it is told to", () => {
  const { one } = synth((stack) => {
    const plugin = new TerraformResource(stack, "plugin", { terraformResourceType: "kubernetes_plugin" });
    make(stack, { ...REMOTE, dependsOn: [plugin] });
  });
  const types = one(Release).depends_on.map((address: string) => address.split(".")[0]);
  expect(types.sort()).toEqual([
    "kubernetes_config_map_v1",
    "kubernetes_namespace_v1",
    "kubernetes_plugin",
    "kubernetes_role_binding_v1",
    "kubernetes_role_v1",
    ...Array(3).fill("kubernetes_secret_v1"),
  ]);
});
it("puts each part on its own nodes, runners on all runner pools", () => {
  const taint = { key: "team", value: "vision", effect: "NO_EXECUTE" } as const;
  const { scheduler, moduleRepository, runner } = values({
    pools: {
      runnerPools: [
        { ...pool, suffix: "a", category: "gpu", additionalTaints: [taint] },
        { ...pool, suffix: "b", category: "cpu", instanceTypes: ["m5.xlarge"] },
      ],
    },
  });
  const dedicated = (value: string) => ({ key: "dedicated", operator: "Equal", value, effect: "NoSchedule" });
  expect(scheduler).toMatchObject({ nodeSelector: { role: "scheduler" }, tolerations: [dedicated("scheduler")] });
  expect(moduleRepository).toMatchObject({
    nodeSelector: { role: "module-repository" },
    tolerations: [dedicated("module-repository")],
  });
  expect(runner.nodeSelector).toEqual({ role: "runner" });
  for (const toleration of [
    dedicated("runner"),
    { key: "team", operator: "Equal", value: "vision", effect: "NoExecute" },
    { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
  ]) {
    expect(runner.tolerations).toContainEqual(toleration);
  }
  expect(runner.cpuOnly).toBe(false);
});
it("runs where it can when the cluster has no nodes for it alone", () => {
  const { scheduler } = values({ pools: { systemGroups: { scheduler: false } } });
  expect(scheduler).toMatchObject({ nodeSelector: {}, tolerations: [] });
});
it("does without GPUs where no runner pool has any, or where told to", () => {
  const cpu = { ...pool, suffix: "a", category: "cpu" as const, instanceTypes: ["m5.xlarge"] };
  expect(values({ pools: { runnerPools: [cpu] } }).runner.cpuOnly).toBe(true);
  expect(values({ runner: { ...MINIMAL.runner, cpuOnly: true } }).runner.cpuOnly).toBe(true);
  expect(values({ runner: { ...MINIMAL.runner, cpuOnly: false } }).runner.cpuOnly).toBe(false);
});
it("warns where no runner would find a node", () => {
  const warnings = (runnerPools?: []) => {
    let found: unknown[] = [];
    synth((stack) => {
      found = make(stack, { pools: { runnerPools } }).node.metadata.filter(({ type }) => type.includes("warn"));
    });
    return found;
  };
  expect(warnings()).toEqual([]);
  expect(warnings([])).toHaveLength(1);
});
it("lets the user's values win, and loses neither", () => {
  const mine = { scheduler: { cpu: 1, service: { type: "NodePort" } }, runner: { tolerations: [] }, own: true };
  const merged = values({ values: mine });
  expect(merged.scheduler.service).toEqual({
    type: "NodePort",
    annotations: { "service.beta.kubernetes.io/aws-load-balancer-internal": "true" },
  });
  expect(merged.runner).toMatchObject({ tolerations: [], nodeSelector: { role: "runner" } });
  expect(merged.own).toBe(true);
});
it("takes the chart from elsewhere, and a later one with the pods' own role", () => {
  const mirror = build({ chart: { repository: "oci://registry.example.com/charts" } }).one(Release);
  expect(mirror).toMatchObject({
    repository: "oci://registry.example.com/charts",
    chart: "exadeploy",
    version: "1.1.1",
  });
  const copy = build({ chartPath: "charts/exadeploy", backend: BACKEND, region: "us-west-1" });
  expect(copy.one(Release).chart).toBe("charts/exadeploy");
  expect(copy.one(Release)).not.toHaveProperty("repository");
  const later = { backend: BACKEND, region: "us-west-1", chart: { version: "1.2.0" } };
  expect(named(build(later).all(SecretV1))).toEqual(["exadeploy-api-key", "exadeploy-database"]);
  expect(values(later).moduleRepository.backend.remote.s3).not.toHaveProperty("awsAccessKeySecret");
  expect(build(later).one(RoleV1).rule[1].resource_names).toEqual(["exadeploy-api-key"]);
});
it("makes no namespace where it goes into default", () => {
  const stack = build({ ...REMOTE, namespace: "default" });
  expect(stack.all(NamespaceV1)).toEqual([]);
  expect(stack.one(Release).namespace).toBe("default");
  for (const each of stack.all(SecretV1)) expect(each.metadata.namespace).toBe("default");
});
it("limits its namespace where asked", () => {
  const { one, parsed } = build({ namespaceSettings: { podSecurity: "privileged", quota: { gpus: 8 } } });
  expect(one(NamespaceV1).metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("privileged");
  expect(parsed.resource.kubernetes_resource_quota_v1).toBeDefined();
});
it("lets runners have an Ingress each where they have a host name", () => {
  expect(build().one(RoleV1).rule).toHaveLength(3);
  const { one } = build({ runner: { ...MINIMAL.runner, ingressHost: "runners.example.com" } });
  expect(one(RoleV1).rule).toHaveLength(4);
});
it("has names of its own, and of a second one beside it", () => {
  let exa: Exadeploy | undefined;
  const { all } = synth((stack) => {
    exa = make(stack, { ...REMOTE, name: "exa-b", namespace: "b", serviceAccount: "exa-b", suffix: "b" });
  });
  expect(named(all(SecretV1))).toEqual(["exa-b-api-key", "exa-b-database", "exa-b-s3"]);
  expect(exa).toMatchObject({
    namespaceName: "b",
    releaseName: "exa-b",
    serviceAccountName: "exa-b",
    schedulerServiceName: "scheduler-service-b",
    moduleRepositoryServiceName: "module-repository-service-b",
  });
  expect(exa?.ready).toHaveLength(1);
  synth((stack) => {
    exa = make(stack);
  });
  expect(exa?.schedulerServiceName).toBe("scheduler-service");
});
it("takes a backend of another stack", () => {
  const late = (text: string) => Token.asString({ resolve: () => text });
  const backend = {
    ...BACKEND,
    rdsAddress: late("host"),
    rdsPort: Token.asNumber({ resolve: () => 5433 }),
    masterUserSecretArn: late("arn"),
  };
  const { postgres } = values({ ...REMOTE, backend }).moduleRepository.backend.remote;
  expect(postgres).toMatchObject({ host: "host", port: "5433" });
});
it("keeps what rotates equal through External Secrets where there are such", () => {
  const secretStore = { storeName: "secrets-manager", allowedNamespaces: ["exadeploy"], ready: [] };
  const { all } = build({ ...REMOTE, secretStore });
  expect(named(all(SecretV1))).toEqual(["exadeploy-api-key"]);
  const [release, ...objects] = all(Release).sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(release.depends_on.filter((address: string) => address.startsWith("helm_release."))).toHaveLength(2);
  const [database, accessKey] = objects.map(({ values: [text] }) => JSON.parse(text).objects[0].spec);
  expect(database.data).toEqual([
    { secretKey: "postgres_password", remoteRef: { key: secret("rds!db-1"), property: "password" } },
  ]);
  expect(accessKey.data.map(({ secretKey }: Json) => secretKey)).toEqual(["access_key", "secret_key"]);
  expect(objects.map(({ name }) => name)).toEqual(["exadeploy-database", "exadeploy-s3"]);
});
it("takes certificates of yours", () => {
  const databaseCertificates = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  const { one } = build({ ...REMOTE, region: "mx-central-1", databaseCertificates });
  expect(one(ConfigMapV1).data).toEqual({ "rds-ca.pem": databaseCertificates });
});

const scheduler = (settings: object) => ({ scheduler: { ...MINIMAL.scheduler, ...settings } });
const runner = (settings: object) => ({ runner: { ...MINIMAL.runner, ...settings } });
const cpuPool = { ...pool, suffix: "a", category: "cpu", instanceTypes: ["m5.xlarge"] };
const KEY = "01234567-89ab-cdef-0123-456789abcdef";
it("does not repeat an API key that stands where its ARN should", () => {
  expect(() => build({ apiKeySecretArn: KEY })).toThrow("never the key itself");
  expect(() => build({ apiKeySecretArn: KEY })).not.toThrow(KEY);
});
rejects<object>(
  "test/exa",
  [
    ["name", { name: "a".repeat(41) }, "at most 40"],
    ["name", { name: "Exa" }, "lower-case"],
    ["namespace", { namespace: "kube-system" }, "kube-"],
    ["namespace", { namespace: "a.b" }, "lower-case"],
    ["namespaceSettings", { namespace: "default", namespaceSettings: {} }, "must be left out"],
    ["namespaceSettings.podSecurity", { namespaceSettings: { podSecurity: "x" } }, "baseline"],
    ["namespaceSettings.containerDefaults.cpuRequest", { namespaceSettings: { quota: { cpu: "1" } } }, "is required"],
    ["serviceAccount", { serviceAccount: "default" }, "must not be default"],
    ["serviceAccount", { serviceAccount: "A" }, "lower-case"],
    [
      "runnerPools",
      { pools: { runnerPools: [cpuPool, { ...cpuPool, suffix: "b", additionalLabels: { role: "x" } }] } },
    ],
    ["apiKeySecretArn", { apiKeySecretArn: undefined }, "is required"],
    ["apiKeySecretArn", { apiKeySecretArn: "key" }, "ARN of a secret"],
    ["apiKeySecretArn", { apiKeySecretArn: KEY }, "never the key itself"],
    ["backend", { ...REMOTE, backend: null }, "ModuleRepoBackend"],
    ["backend", { ...REMOTE, backend: "remote" }, "ModuleRepoBackend"],
    ...Object.keys(BACKEND).map(
      (key) => [`backend.${key}`, { ...REMOTE, backend: { ...BACKEND, [key]: undefined } }, "is required"] as const,
    ),
    ["s3AccessKeySecretArn", { ...REMOTE, s3AccessKeySecretArn: undefined }, "chart 1.1.1", "access key"],
    [
      "s3AccessKeySecretArn",
      { ...REMOTE, s3AccessKeySecretArn: undefined, chart: { version: "1.0.0" } },
      "chart 1.0.0",
    ],
    ["s3AccessKeySecretArn", { s3AccessKeySecretArn: secret("s3") }, "without backend"],
    ["databaseCertificates", { databaseCertificates: "-----BEGIN CERTIFICATE-----\n" }, "without backend"],
    ["databaseCertificates", { ...REMOTE, databaseCertificates: "rds-ca.pem" }, "PEM"],
    ["databaseCertificates", { ...REMOTE, region: "mx-central-1" }, "is required in mx-central-1"],
    ["secretStore", { ...REMOTE, secretStore: "secrets-manager" }, "an ExternalSecrets"],
    ["secretStore", { secretStore: { storeName: "a", allowedNamespaces: [], ready: [] } }, "without backend"],
    [
      "secretStore",
      { ...REMOTE, secretStore: { storeName: "a", allowedNamespaces: ["b"], ready: [] } },
      "must serve the namespace exadeploy, got b",
    ],
    ["region", { ...REMOTE, region: undefined }, "got neither"],
    ["region", { ...REMOTE, region: "California" }, "us-west-2"],
    ["scheduler", { scheduler: undefined }, "is required"],
    ["scheduler.image", scheduler({ image: "r/x" }), "tag or a digest"],
    ["scheduler.image", scheduler({ image: "r/x:" }), "must be an image"],
    ["scheduler.image", scheduler({ image: "r/x@sha256:abc" }), "must be an image"],
    ["scheduler.image", scheduler({ image: "r/x:latest" }), "since latest moves"],
    ["moduleRepository.image", { moduleRepository: {} }, "is required"],
    ["scheduler.cpu", scheduler({ cpu: 2.5 }), "string"],
    ["scheduler.memory", scheduler({ memory: "5G" }), "50Gi"],
    ["scheduler.minRunners", scheduler({ minRunners: 0 }), "at least 1"],
    ["scheduler.maxRunners", scheduler({ minRunners: 3, maxRunners: 2 }), "(3)", "got 2"],
    ["scheduler.runnerCreationTimeoutSeconds", scheduler({ runnerCreationTimeoutSeconds: 0 }), "at least 1"],
    ["scheduler.runnerDeletionLagSeconds", scheduler({ runnerDeletionLagSeconds: -1 }), "at least 0"],
    ["scheduler.runnerDeletionLagSeconds", scheduler({ runnerDeletionLagSeconds: 86_401 }), "at most 86400"],
    ["runner.valueStoreThreads", runner({ valueStoreThreads: 0 }), "at least 1"],
    ["runner.valueStoreThreads", runner({ valueStoreThreads: 1025 }), "at most 1024"],
    ["runner.ingressHost", runner({ ingressHost: "https://x" }), "lower-case"],
    ["runner.cpuOnly", { ...runner({ cpuOnly: false }), pools: { runnerPools: [cpuPool] } }, "runner-a", "got false"],
    ["runner.gpu", runner({ gpu: 1 }), "unknown key"],
    ["exposure", { exposure: "public" }, "internal-nlb"],
    ["suffix", { suffix: "-b" }, "no hyphen"],
    ["suffix", { suffix: "a".repeat(21) }, "at most 20"],
    ["clusterDomain", { clusterDomain: "" }, "lower-case"],
    ["chart.version", { chart: { version: "new" } }, "must be a version"],
    ["chart.repository", { chart: { repository: "http://x" } }, "https://"],
    ["chartPath", { chartPath: "x", chart: { version: "1.1.1" } }, "must be left out"],
    ["timeoutSeconds", { timeoutSeconds: 59 }, "at least 60"],
    ["values", { values: "a: b" }, "record"],
    ["moduleRepositoryBackend", { moduleRepositoryBackend: "local" }, "unknown key"],
  ],
  (stack, wrong) => make(stack, wrong as Partial<Settings>),
);
rejects<unknown>(
  "test/exa",
  [
    ["pools", undefined, "is required"],
    ["pools", {}, "array"],
    ["pools[0]", [{ suffix: "gpu" }]],
  ],
  inCluster((stack, pools) => new Exadeploy(stack, "exa", { ...MINIMAL, pools: pools as ExadeployProps["pools"] })),
);
