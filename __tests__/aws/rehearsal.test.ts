import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { withLocalState } from "@cdktf-ml-infra/rehearsal/local-state";
import { type Providers, startProviders } from "@cdktf-ml-infra/rehearsal/server";
import { rehearse } from "@cdktf-ml-infra/rehearsal/testing";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { buildApp } from "../../stacks/app";
import { Attached } from "../support/attached";
import type { Json } from "../support/synth";
import { Workspace } from "../support/terraform";
import { ref } from "../support/terraform-json";
import { documents } from "./policy-documents";
import { ENVIRONMENTS, onAws, stacksOf } from "./stacks.fixture";

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers?.close());

const attached = (json: Json) => new Attached(providers, json);

onAws("the rehearsal's providers, with terraform", () => {
  it("takes the stacks of every configuration up and down, beside dev and prod", async () => {
    const others = ENVIRONMENTS.filter((environment) => environment !== dev && environment !== prod);
    const app = buildApp(others, { outdir: mkdtempSync(join(inject("scratch"), "out-")) });
    const stacks = await rehearse(app);
    expect(Object.keys(stacks).length).toBeGreaterThan(20);
    for (const [id, { resource_changes, resources }] of Object.entries(stacks)) {
      const planned = resource_changes.filter(({ mode }) => mode === "managed").map(({ address }) => address);
      expect(planned.length, id).toBeGreaterThan(3);
      expect(Object.keys(resources), id).toEqual(expect.arrayContaining(planned));
    }
  });

  it("keeps what is only written out of the state, and out of the plan", async () => {
    const stack = stacksOf(dev).find(({ json }) => json.ephemeral);
    if (!stack) throw new Error("no stack of dev has an ephemeral resource");
    const workspace = attached(withLocalState(stack.json, () => ""));
    const { resource, ephemeral } = stack.json;
    const [secret] = Object.keys(ephemeral.aws_secretsmanager_random_password);
    workspace.write({
      ...stack.json,
      terraform: {},
      data: undefined,
      output: undefined,
      resource: {
        aws_secretsmanager_secret: { [secret as string]: { name: "s" } },
        aws_secretsmanager_secret_version: {
          v: {
            ...Object.values<Json>(resource.aws_secretsmanager_secret_version)[0],
            lifecycle: undefined, // which refers to what is not here
            secret_id: ref(`aws_secretsmanager_secret.${secret}.id`),
          },
        },
      },
    });
    await workspace.deploy();
    const state = await workspace.state();
    expect(state["aws_secretsmanager_secret_version.v"]).toMatchObject({
      secret_string_wo: null,
      secret_string_wo_version: 1,
    });
  });

  it("takes Helm's arguments with attributes, Kubernetes' values of any type, and what a cluster tells them", async () => {
    const cluster = "data.aws_eks_cluster.main";
    const access = {
      host: ref(`${cluster}.endpoint`),
      cluster_ca_certificate: ref(`base64decode(${cluster}.certificate_authority[0].data)`),
    };
    const exec = { api_version: "client.authentication.k8s.io/v1beta1", command: "aws", args: ["eks", "get-token"] };
    const workspace = attached({
      terraform: {
        required_providers: Object.fromEntries(
          ["aws", "helm", "kubernetes"].map((name) => [name, { source: `hashicorp/${name}` }]),
        ),
      },
      provider: {
        aws: { region: "eu-west-1" },
        helm: { kubernetes: { ...access, exec } },
        kubernetes: { ...access, exec: [exec] },
      },
      data: { aws_eks_cluster: { main: { name: "prod" } } },
      resource: {
        kubernetes_namespace: { jobs: { metadata: [{ name: "jobs", labels: { team: "ml" } }] } },
        kubernetes_secret_v1: {
          token: { metadata: [{ name: "token", namespace: "jobs" }], data_wo: { key: "hush" }, data_wo_revision: 1 },
        },
        kubernetes_manifest: {
          map: { manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "map" }, data: { a: "1" } } },
        },
        helm_release: {
          web: {
            name: "web",
            chart: "nginx",
            namespace: ref("kubernetes_namespace.jobs.id"),
            set: [{ name: "replicas", value: "2" }],
            set_sensitive: [{ name: "key", value: "k" }],
            set_wo: [{ name: "secret", value: "hush" }],
            set_wo_revision: 1,
            timeouts: { create: "5m" },
          },
        },
      },
      output: { host: { value: ref(`${cluster}.endpoint`) } },
    });
    await workspace.deploy();
    const state = await workspace.state();
    expect(state["kubernetes_namespace.jobs"]).toMatchObject({ id: "jobs", metadata: [{ uid: expect.any(String) }] });
    expect(state["kubernetes_secret_v1.token"]).toMatchObject({ id: "jobs/token", data_wo: null });
    expect(state["kubernetes_manifest.map"]).toMatchObject({ manifest: { kind: "ConfigMap", data: { a: "1" } } });
    expect(state["helm_release.web"]).toMatchObject({
      id: "web",
      status: "deployed",
      set_wo: null,
      metadata: { name: "web", namespace: "jobs" },
    });
    expect(JSON.stringify(state)).not.toContain("hush");
    await workspace.destroy();
  });

  it.each<[string, Json, RegExp]>([
    [
      "a missing argument",
      { aws_subnet: { a: { cidr_block: "10.0.0.0/24" } } },
      /Missing required argument[\s\S]*"vpc_id"/,
    ],
    [
      "an unknown argument",
      { aws_vpc: { a: { cidr: "10.0.0.0/16" } } },
      /Extraneous JSON object property[\s\S]*"cidr"/,
    ],
    [
      "a wrong type",
      { aws_vpc: { a: { tags: "Name" } } },
      /Incorrect attribute value type[\s\S]*map of string required/,
    ],
    [
      "a block too many",
      { aws_eks_cluster: { a: { name: "a", role_arn: "r", vpc_config: [{ subnet_ids: [] }, { subnet_ids: [] }] } } },
      /Too many vpc_config blocks/,
    ],
    ["a block too few", { aws_eks_cluster: { a: { name: "a", role_arn: "r" } } }, /Insufficient vpc_config blocks/],
    ["an argument that only AWS sets", { aws_vpc: { a: { arn: "a" } } }, /Value for unconfigurable attribute/],
    [
      "a reference to what is not there",
      { aws_vpc: { a: { cidr_block: ref("aws_vpc.b.cidr_block") } } },
      /Reference to undeclared resource/,
    ],
    [
      "an attribute that is not there",
      { aws_vpc: { a: {} }, aws_subnet: { b: { vpc_id: ref("aws_vpc.a.vpc_id") } } },
      /Unsupported attribute/,
    ],
  ])("lets terraform refuse %s", async (_, resource, complaint) => {
    const workspace = attached({ resource });
    await workspace.terraform(["init", "-input=false", "-no-color"]);
    const { status, stderr } = await workspace.tried(["validate", "-no-color"]);
    expect(stderr).toMatch(complaint);
    expect(status).toBe(1);
  });

  it("renders policy documents letter by letter as the real provider does", async () => {
    const json = {
      provider: {
        aws: [
          {
            region: "us-east-1",
            skip_credentials_validation: true,
            skip_metadata_api_check: "true",
            skip_requesting_account_id: true,
            access_key: "none",
            secret_key: "none",
          },
        ],
      },
      data: { aws_iam_policy_document: documents },
      output: Object.fromEntries(
        Object.keys(documents).flatMap((name) =>
          ["json", "minified_json"].map((form) => [
            `${name}_${form}`,
            { value: ref(`data.aws_iam_policy_document.${name}.${form}`) },
          ]),
        ),
      ),
    };
    const real = await Workspace.of("policy-documents", {
      terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
      ...json,
    });
    await real.apply();
    const rehearsed = attached(json);
    await rehearsed.deploy();
    expect(JSON.parse(await rehearsed.terraform(["output", "-json"]))).toEqual(await real.outputs());
  });
});
