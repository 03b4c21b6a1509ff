import { describe, expect, it } from "vitest";
import { findBindings, installedModules, sourceOf } from "../src/bindings";
import { derive } from "../src/derive";
import { type Block, typeOfBlock } from "../src/schema";

const installed = new Map(findBindings(installedModules()).map((bindings) => [bindings.name, bindings]));

function derived(provider: string, folder: string): Block {
  const bindings = installed.get(`@cdktf/provider-${provider}`);
  if (!bindings) throw new Error(`${provider}: not installed`);
  return derive(sourceOf(bindings, folder));
}

const optional = (type: unknown) => ({ type, optional: true });
const settled = (type: unknown) => ({ type, optional: true, computed: true });
const computed = (type: unknown) => ({ type, computed: true });

describe("the schema of aws_vpc", () => {
  const { attributes, blocks } = derived("aws", "vpc");
  it("has its arguments and attributes, and no blocks", () => {
    expect(attributes).toMatchObject({
      arn: computed("string"),
      assign_generated_ipv6_cidr_block: optional("bool"),
      cidr_block: settled("string"),
      default_security_group_id: computed("string"),
      enable_dns_hostnames: settled("bool"),
      enable_dns_support: optional("bool"),
      ipv4_netmask_length: optional("number"),
      region: settled("string"),
      tags: optional(["map", "string"]),
      tags_all: settled(["map", "string"]),
    });
    expect(blocks).toEqual({});
  });
  it("sets no flag that does not apply", () => {
    expect(attributes.arn).toEqual(computed("string"));
    expect(attributes.tags).toEqual(optional(["map", "string"]));
  });
});

describe("the schema of aws_ecs_service", () => {
  const { attributes, blocks } = derived("aws", "ecs-service");
  it("requires only the name", () => {
    const required = Object.entries(attributes).filter(([, attribute]) => attribute.required);
    expect(required).toEqual([["name", { type: "string", required: true }]]);
  });
  it("has a list of one block, sets of many, and a single block of timeouts", () => {
    expect(blocks.network_configuration).toMatchObject({ nesting: "list", max: 1 });
    expect(blocks.network_configuration).not.toHaveProperty("min");
    expect(blocks.load_balancer).toMatchObject({ nesting: "set" });
    expect(blocks.load_balancer).not.toHaveProperty("max");
    expect(blocks.timeouts?.nesting).toBe("single");
    expect(blocks.network_configuration?.block.attributes).toEqual({
      assign_public_ip: optional("bool"),
      security_groups: optional(["set", "string"]),
      subnets: { type: ["set", "string"], required: true },
    });
  });
  it("has all levels of the provider", () => {
    const tls = blocks.service_connect_configuration?.block.blocks.service?.block.blocks.tls?.block;
    expect(tls?.blocks.issuer_cert_authority).toEqual({
      nesting: "list",
      min: 1,
      max: 1,
      block: { attributes: { aws_pca_authority_arn: { type: "string", required: true } }, blocks: {} },
    });
  });
});

describe("the schema of aws_eks_cluster", () => {
  const { attributes, blocks } = derived("aws", "eks-cluster");
  it("has read-only objects", () => {
    expect(attributes.certificate_authority).toEqual(computed(["list", ["object", { data: "string" }]]));
    expect(attributes.identity).toEqual(
      computed(["list", ["object", { oidc: ["list", ["object", { issuer: "string" }]] }]]),
    );
  });
  it("requires exactly one network block, with read-only attributes", () => {
    expect(blocks.vpc_config).toMatchObject({ nesting: "list", min: 1, max: 1 });
    expect(blocks.vpc_config?.block.attributes).toMatchObject({
      cluster_security_group_id: computed("string"),
      public_access_cidrs: settled(["set", "string"]),
      subnet_ids: { type: ["set", "string"], required: true },
    });
  });
  it("has a type for its values", () => {
    expect(typeOfBlock({ attributes: {}, blocks: { timeouts: blocks.timeouts as never } })).toEqual([
      "object",
      { timeouts: ["object", { create: "string", delete: "string", update: "string" }] },
    ]);
  });
});

describe("other schemas of AWS", () => {
  it("aws_launch_template: maps, lists, blocks in blocks", () => {
    const { attributes, blocks } = derived("aws", "launch-template");
    expect(attributes).toMatchObject({
      latest_version: computed("number"),
      default_version: settled("number"),
      vpc_security_group_ids: optional(["set", "string"]),
    });
    expect(blocks.block_device_mappings?.block.blocks.ebs).toMatchObject({ nesting: "list", max: 1 });
    expect(blocks.tag_specifications?.block.attributes.tags).toEqual(optional(["map", "string"]));
  });
  it("aws_iam_policy_document: sets within lists", () => {
    const { attributes, blocks } = derived("aws", "data-aws-iam-policy-document");
    expect(attributes.json).toEqual(computed("string"));
    expect(blocks.statement?.nesting).toBe("list");
    expect(blocks.statement?.block.blocks.principals).toEqual({
      nesting: "set",
      block: {
        attributes: {
          identifiers: { type: ["set", "string"], required: true },
          type: { type: "string", required: true },
        },
        blocks: {},
      },
    });
  });
  it("aws_security_group: a list of objects is not a list of blocks", () => {
    const { attributes, blocks } = derived("aws", "security-group");
    expect(attributes.ingress).toMatchObject({
      optional: true,
      computed: true,
      type: ["set", ["object", { self: "bool" }]],
    });
    expect(Object.keys(blocks)).toEqual(["timeouts"]);
  });
  it("aws_secretsmanager_secret_version: a write-only argument", () => {
    const { attributes } = derived("aws", "secretsmanager-secret-version");
    expect(attributes.secret_string_wo).toEqual({ type: "string", optional: true, writeOnly: true });
    expect(attributes.secret_string_wo_version).toEqual(optional("number"));
    expect(attributes.has_secret_string_wo).toEqual(computed("bool"));
  });
  it("aws_directory_service_directory: an attribute named alias", () => {
    expect(derived("aws", "directory-service-directory").attributes).toHaveProperty("alias");
    expect(derived("aws", "provider").attributes).not.toHaveProperty("alias");
    expect(derived("aws", "provider").blocks.assume_role).toMatchObject({ nesting: "list" });
  });
  it("aws_wafv2_web_acl: what the bindings leave out is of any type, in a list instead of a set", () => {
    const { rule } = derived("aws", "wafv2-web-acl").blocks;
    expect(rule?.block.attributes.statement).toEqual(optional("dynamic"));
    expect(rule?.nesting).toBe("list");
  });
  it("aws_wafv2_web_acl_association: a struct has the usual name of the arguments", () => {
    expect(derived("aws", "wafv2-web-acl-association").blocks).toHaveProperty("timeouts");
  });
});

describe("schemas of Kubernetes and Helm", () => {
  it("kubernetes_namespace: one block of metadata", () => {
    const { attributes, blocks } = derived("kubernetes", "namespace");
    expect(attributes.id).toEqual(settled("string"));
    expect(blocks.metadata).toMatchObject({ nesting: "list", min: 1, max: 1 });
    expect(blocks.metadata?.block.attributes).toMatchObject({
      labels: optional(["map", "string"]),
      name: settled("string"),
      uid: computed("string"),
    });
  });
  it("kubernetes_manifest: values of any type", () => {
    const { attributes } = derived("kubernetes", "manifest");
    expect(attributes.manifest).toEqual({ type: "dynamic", required: true });
    expect(attributes.wait_for).toEqual(optional(["object", { fields: ["map", "string"] }]));
  });
  it("helm_release: nested attributes and no blocks", () => {
    const { attributes, blocks } = derived("helm", "release");
    expect(blocks).toEqual({});
    expect(attributes.set).toEqual({
      optional: true,
      nested: {
        nesting: "list",
        attributes: {
          name: { type: "string", required: true },
          type: settled("string"),
          value: optional("string"),
        },
      },
    });
    expect(attributes.set_wo).toMatchObject({
      writeOnly: true,
      nested: { attributes: { value: { writeOnly: true } } },
    });
    expect(attributes.timeouts).toMatchObject({ optional: true, nested: { nesting: "single" } });
    expect(attributes.metadata).toMatchObject({ computed: true, type: ["object", { revision: "number" }] });
  });
  it("helm_template: a data source has no write-only arguments", () => {
    expect(derived("helm", "data-helm-template").attributes.set_wo).not.toHaveProperty("writeOnly");
  });
  it("the Helm provider: kubernetes and its exec are arguments", () => {
    const { kubernetes } = derived("helm", "provider").attributes;
    expect(kubernetes).toMatchObject({
      optional: true,
      nested: {
        nesting: "single",
        attributes: {
          host: optional("string"),
          exec: {
            optional: true,
            nested: { nesting: "single", attributes: { command: { type: "string", required: true } } },
          },
        },
      },
    });
  });
});
