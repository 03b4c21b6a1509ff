import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Release } from "@cdktf/provider-helm/lib/release";
import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { describe, expect, it } from "vitest";
import { dev } from "../../../environments/dev";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import type { ExadeploySettings } from "../../../stacks/exadeploy/settings";
import { errorOf } from "../../support/bad-input";
import { type Json, synthApp } from "../../support/synth";
import { kubeConfigurations, kubeEnvironment, PARTS, RELEASE, REMOTE, SECRETS } from "./kube-configurations.fixture";

const made = Object.fromEntries(
  Object.entries(kubeConfigurations).map(([name, environment]) => [name, synthApp(environment)]),
) as Record<keyof typeof kubeConfigurations, ReturnType<typeof synthApp>>;
const kube = (name: keyof typeof made) => made[name].stack(`${name}-exadeploy-kube`);
/** Values of a release. */
function values(name: keyof typeof made, release: string): Json {
  const found = kube(name)
    .all(Release)
    .find((each) => each.name === release);
  return JSON.parse(found.values[0].replace(/\$\{[^{}]*\}/g, "reference"));
}

describe("the stack", () => {
  it("is apart from the cloud's, on those that it needs", () => {
    const { stacks } = JSON.parse(readFileSync(join(made.remote.outdir, "manifest.json"), "utf8"));
    expect(stacks["remote-exadeploy-kube"].dependencies.sort()).toEqual([
      "remote-exadeploy-cluster",
      "remote-exadeploy-module-repo-backend",
    ]);
    for (const id of made.remote.ids.filter((id) => !id.endsWith("-kube"))) {
      expect(Object.keys(made.remote.stack(id).parsed.terraform.required_providers), id).toEqual(["aws"]);
    }
  });
  it("is not there unless asked for", () => {
    expect(synthApp(dev).ids).not.toContain("dev-exadeploy-kube");
    expect(Object.keys(made)).toHaveLength(7);
  });
  it("has the aws command make a token whenever one is needed", () => {
    const { parsed } = kube("bare");
    expect(
      Object.entries<Json>(parsed.terraform.required_providers).map(([name, { version }]) => [name, version]),
    ).toEqual(
      expect.arrayContaining([
        ["helm", ">= 3.1.0, < 4.0.0"],
        ["kubernetes", ">= 2.38.0, < 3.0.0"],
      ]),
    );
    const { helm, kubernetes } = parsed.provider;
    const [{ exec, token }] = [helm[0].kubernetes];
    expect(exec).toMatchObject({ command: "aws", api_version: "client.authentication.k8s.io/v1beta1" });
    expect(exec.args.slice(0, 2)).toEqual(["eks", "get-token"]);
    expect(exec.args).toEqual(expect.arrayContaining(["--region", "us-west-2"]));
    expect([token, kubernetes[0].token]).toEqual([undefined, undefined]);
    expect([kubernetes[0].exec].flat()).toEqual([exec]);
    expect(kubernetes[0].host).toMatch(/terraform_remote_state/);
  });
  it("says how to reach the cluster, and what is in it", () => {
    expect(Object.keys(kube("everything").parsed.output)).toEqual(
      expect.arrayContaining([
        "kubeconfig_command",
        "prometheus_url",
        "exadeploy_namespace",
        "scheduler_service",
        "module_repository_service",
      ]),
    );
    expect(kube("karpenter").parsed.output).toHaveProperty("karpenter_node_role_arn");
  });
});

describe("ExaDeploy", () => {
  it("keeps its data where the backend says, and nowhere else", () => {
    expect(values("local", "exadeploy").moduleRepository.backend.type).toBe("local");
    expect(values("remote", "exadeploy").moduleRepository.backend.type).toBe("remote");
    const secrets = kube("local").all(SecretV1);
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual(["exadeploy-api-key"]);
  });
  it("waits for the plugin and for its secrets", () => {
    const { depends_on } = kube("local")
      .all(Release)
      .find(({ name }) => name === "exadeploy");
    for (const need of [/nvidia-device-plugin/, /kubernetes_secret_v1/]) {
      expect(depends_on).toContainEqual(expect.stringMatching(need));
    }
  });
  it("has the backend's role handed to its own service account", () => {
    const { parsed } = made.remote.stack("remote-exadeploy-module-repo-backend");
    const [association] = Object.values<Json>(parsed.resource.aws_eks_pod_identity_association);
    expect(association).toMatchObject({ namespace: "exadeploy", service_account: "exadeploy" });
  });
  it("follows the database's password by External Secrets, where the platform has it", () => {
    const { parsed } = kube("everything");
    const secrets = kube("everything")
      .all(SecretV1)
      .map(({ metadata }) => metadata.name);
    expect(secrets).not.toContain("exadeploy-database");
    const policies = Object.entries<Json>(parsed.resource.aws_iam_role_policy).filter(([id]) =>
      /external-secrets/.test(id),
    );
    expect(JSON.stringify(policies)).toMatch(/terraform_remote_state\.[^"]*module-repo-backend/);
    expect(
      kube("remote")
        .all(SecretV1)
        .map(({ metadata }) => metadata.name),
    ).toContain("exadeploy-database");
  });
  it("takes another namespace for both", () => {
    const environment = kubeEnvironment("own", { release: { ...REMOTE, namespace: "ml" } }, { remote: true });
    const { stack } = synthApp(environment);
    const { parsed } = stack("own-exadeploy-module-repo-backend");
    const [association] = Object.values<Json>(parsed.resource.aws_eks_pod_identity_association);
    expect(association.namespace).toBe("ml");
    const namespaces = stack("own-exadeploy-kube")
      .all(Release)
      .map(({ namespace }) => namespace);
    expect(namespaces).toContain("ml");
  });
});

it("holds no secret: not in values, ConfigMaps, labels or anything that the state keeps", () => {
  for (const name of Object.keys(made) as (keyof typeof made)[]) {
    for (const text of Object.values(SECRETS)) expect(kube(name).json, name).not.toContain(text);
    for (const secret of kube(name).all(SecretV1)) {
      expect(Object.keys(secret), name).not.toContain("data");
      expect(secret.data_wo_revision, name).toBeDefined();
    }
    for (const { data } of kube(name).all(ConfigMapV1)) expect(JSON.stringify(data), name).not.toMatch(/secret_string/);
    for (const { values } of kube(name).all(Release)) {
      expect(JSON.stringify(values ?? []), name).not.toMatch(/secret_string|random_password/);
    }
  }
});
it("makes nobody administrator of the cluster", () => {
  for (const name of Object.keys(made) as (keyof typeof made)[]) {
    expect(kube(name).all(ClusterRoleBindingV1), name).toEqual([]);
    expect(kube(name).json, name).not.toMatch(/cluster-admin/);
  }
});
it("gives no part more of AWS than the parts say", () => {
  for (const { policy } of kube("everything").all(IamRolePolicy)) expect(policy).not.toMatch(/"Action":"\*"/);
});

describe("refuses", () => {
  const base = (exadeploy: Json): EnvironmentSettings => ({ name: "test", region: "us-west-2", exadeploy });
  const { moduleRepoBackend } = dev.exadeploy as ExadeploySettings;
  it.each<[string, Json, string]>([
    ["a key that there is none of", { kube: { plattform: {} } }, "test: exadeploy.kube.plattform: unknown key"],
    ["a platform that is no object", { kube: { platform: true } }, "exadeploy.kube.platform: must be an object"],
    [
      "a backend for another namespace",
      { moduleRepoBackend: { namespace: "x" }, kube: { release: REMOTE } },
      "test: exadeploy.moduleRepoBackend.namespace: must be that of kube.release (exadeploy) or be left out, got x",
    ],
    [
      "a backend for another service account",
      { moduleRepoBackend: { serviceAccount: "x" }, kube: { release: REMOTE } },
      "exadeploy.moduleRepoBackend.serviceAccount: must be that of kube.release (exadeploy)",
    ],
    [
      "a bucket without the access key that the chart wants",
      { moduleRepoBackend, kube: { release: RELEASE } },
      "test: exadeploy.kube.release.s3AccessKeySecretArn: is required with backend",
    ],
    [
      "an access key without a bucket",
      { kube: { release: REMOTE } },
      "test: exadeploy.kube.release.s3AccessKeySecretArn: must be left out without backend",
    ],
    [
      "the key itself in place of its secret",
      { kube: { release: { ...RELEASE, apiKeySecretArn: "01234567-89ab-cdef-0123-456789abcdef" } } },
      "must be the ARN of the secret that holds the API key, never the key itself",
    ],
    [
      "an autoscaler that the cluster is not for",
      { cluster: { autoscaler: "none" }, kube: { platform: { karpenter: {} } } },
      "test: exadeploy.kube.platform.karpenter: must be left out where the cluster's autoscaler is none",
    ],
    [
      "a tag of the cluster's instances that Karpenter sets",
      { cluster: { autoscaler: "karpenter", instanceTags: { "karpenter.sh/nodepool": "x" } }, kube: { platform: {} } },
      `test: exadeploy.cluster.instanceTags["karpenter.sh/nodepool"]: must be left out, since Karpenter sets its own tags`,
    ],
    [
      "a tag of Karpenter's instances that Karpenter sets",
      {
        cluster: { autoscaler: "karpenter" },
        kube: { platform: { karpenter: { instanceTags: { "eks:eks-cluster-name": "x" } } } },
      },
      "test: exadeploy.kube.platform.karpenter.instanceTags.eks:eks-cluster-name: must be left out",
    ],
    [
      "a wrong setting of a part, by its own path",
      { kube: { platform: { ...PARTS, prometheus: { retentionDays: 0 } } } },
      "test: exadeploy.kube.platform.prometheus.retentionDays: must be at least 1",
    ],
  ])("%s", (_, exadeploy, message) => {
    expect(errorOf(() => synthApp(defineEnvironment(base(exadeploy)))).message).toContain(message);
  });
});
