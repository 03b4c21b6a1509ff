import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { type App, Testing } from "cdktf";
import { describe, expect, it } from "vitest";
import { BaseStack } from "../../stacks/base-stack";
import { defineEnvironment, type EnvironmentSettings } from "../../stacks/environment";
import { publishedOutputs, read } from "../support/synth";
import { ref } from "../support/terraform-json";

const outdir = mkdtempSync(join(tmpdir(), "cdktf-test-"));

class QueueStack extends BaseStack {
  constructor(app: App, environment: EnvironmentSettings) {
    super(app, defineEnvironment(environment), {
      system: "farm",
      layer: "queue",
      description: "One queue",
      places: {},
    });
    const provider = this.otherProvider("far", {
      region: "eu-west-1",
      account: "444455556666",
      roleArn: "arn:aws:iam::444455556666:role/peer",
    });
    const queue = new SqsQueue(this, "queue", { provider });
    this.publish({ queue_url: queue.url });
    this.publish({ queue_arn: queue.arn }, { sensitive: true });
  }
}

const build = (settings: Partial<EnvironmentSettings> = {}) => {
  const stack = new QueueStack(Testing.app({ outdir }), { name: "dev", region: "us-west-2", ...settings });
  stack.prepareStack();
  return { stack, ...read(Testing.synth(stack, true)) };
};

it("names the stack after environment, system and layer, and says what it is", () => {
  const { stack } = build();
  expect(stack.node.id).toBe("dev-farm-queue");
  expect(stack.toTerraform()["//"].metadata.description).toBe("One queue");
});

it("calls a cluster by a token that the aws command makes, and pins what calls it", () => {
  class KubeStack extends BaseStack {
    constructor(app: App) {
      super(app, defineEnvironment({ name: "dev", region: "us-west-2" }), {
        system: "farm",
        description: "Calls",
        places: {},
      });
      this.clusterProviders({
        clusterName: "mine",
        clusterEndpoint: "https://mine.example.com",
        clusterCertificateAuthorityData: "Q0E=",
      });
    }
  }
  const { parsed } = read(Testing.synth(new KubeStack(Testing.app({ outdir }))));
  const exec = {
    api_version: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["eks", "get-token", "--cluster-name", "mine", "--region", "us-west-2", "--output", "json"],
  };
  const access = { host: "https://mine.example.com", cluster_ca_certificate: ref('base64decode("Q0E=")') };
  expect(parsed.provider.helm).toEqual([{ kubernetes: { ...access, exec } }]);
  expect(parsed.provider.kubernetes).toEqual([{ ...access, exec: [exec] }]);
  expect(parsed.terraform.required_providers).toMatchObject({
    helm: { source: "helm", version: ">= 3.1.0, < 4.0.0" },
    kubernetes: { source: "kubernetes", version: ">= 2.38.0, < 3.0.0" },
  });
});
describe("provider", () => {
  const tags = { Environment: "dev", System: "farm", Stack: "dev-farm-queue", ManagedBy: "cdktf-ml-infra" };

  it("has the environment's region and the default tags, and no account by default", () => {
    expect(build().parsed.provider.aws[0]).toEqual({ region: "us-west-2", default_tags: [{ tags }] });
  });
  it("refuses any account but the given one, and adds the user's tags", () => {
    const { provider } = build({ account: "111122223333", tags: { Team: "ml" } }).parsed;
    expect(provider.aws[0].allowed_account_ids).toEqual(["111122223333"]);
    expect(provider.aws[0].default_tags).toEqual([{ tags: { ...tags, Team: "ml" } }]);
  });
  it("takes another region, account and role under an alias", () => {
    expect(build().parsed.provider.aws[1]).toEqual({
      alias: "far",
      region: "eu-west-1",
      allowed_account_ids: ["444455556666"],
      assume_role: [{ role_arn: "arn:aws:iam::444455556666:role/peer" }],
      default_tags: [{ tags }],
    });
  });
  it("accepts every provider and Terraform that is tested", () => {
    const { required_providers, required_version } = build().parsed.terraform;
    expect(required_providers).toEqual({ aws: { source: "aws", version: ">= 5.100.0, < 7.0.0" } });
    expect(required_version).toBe(">= 1.10.0");
  });
});

describe("state", () => {
  it("is a local file by default, found from the folder in which Terraform runs", () => {
    const { path } = build().parsed.terraform.backend.local;
    const found = resolve(outdir, "stacks", "dev-farm-queue", path);
    expect(found).toBe(resolve("state/dev/dev-farm-queue.tfstate"));
    expect(path.startsWith("..")).toBe(true);
  });
  it("can be in another folder", () => {
    const { path } = build({ state: { kind: "local", directory: "other" } }).parsed.terraform.backend.local;
    expect(path.endsWith("/other/dev/dev-farm-queue.tfstate")).toBe(true);
  });
  it("is encrypted and locked in S3", () => {
    expect(build({ state: { kind: "s3", bucket: "our-state" } }).parsed.terraform.backend.s3).toEqual({
      bucket: "our-state",
      key: "dev/dev-farm-queue.tfstate",
      region: "us-west-2",
      encrypt: true,
      kms_key_id: "alias/our-state",
      use_lockfile: true,
    });
  });
  it("can be in another region under another key", () => {
    const state = { kind: "s3", bucket: "our-state", region: "eu-west-1", kmsKeyId: "alias/ours" } as const;
    const { region, kms_key_id } = build({ state }).parsed.terraform.backend.s3;
    expect([region, kms_key_id]).toEqual(["eu-west-1", "alias/ours"]);
  });
});

it("publishes outputs under their very names", () => {
  const stack = build();
  const { outputs } = stack;
  expect(publishedOutputs(stack)).toEqual(["queue_arn", "queue_url"]);
  expect(outputs.queue_url.sensitive).toBeUndefined();
  expect(outputs.queue_arn.sensitive).toBe(true);
});
it("publishes the estimated monthly cost of its resources, later ones included", () => {
  const { value } = build().outputs.estimated_monthly_cost;
  expect(value).toMatchObject({ region: "us-west-2", total: 0 });
  expect(value.not_priced.join()).toContain("aws_sqs_queue.queue");
});
