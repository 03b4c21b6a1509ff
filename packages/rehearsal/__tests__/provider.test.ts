import { describe, expect, it } from "vitest";
import { findBindings, installedModules } from "../src/bindings";
import { cacheFolder, DerivedSchemas } from "../src/cache";
import { UNKNOWN, type Value } from "../src/msgpack-cty";
import { RehearsalProvider } from "../src/provider";
import { factsOf } from "../src/simulated/facts";

const modules = installedModules();
const [bindings] = findBindings(modules, ["@cdktf/provider-aws"]);
if (!bindings) throw new Error("no bindings of AWS");
const schemas = new DerivedSchemas(bindings, cacheFolder(modules));
const facts = factsOf({ region: "us-west-2", default_tags: [{ tags: { Stack: "s" } }] });
const provider = () => new RehearsalProvider(schemas);

/** A configuration of a resource with every argument that is not named null or empty. */
function configOf(type: string, settings: Record<string, Value>): Record<string, Value> {
  const { attributes, blocks } = schemas.block("resource", type) ?? { attributes: {}, blocks: {} };
  const nulls = Object.keys(attributes).map((name) => [name, null]);
  const none = Object.entries(blocks).map(([name, { nesting }]) => [name, nesting === "single" ? null : []]);
  return { ...Object.fromEntries([...nulls, ...none]), ...settings };
}

function create(own: RehearsalProvider, type: string, settings: Record<string, Value>) {
  const config = configOf(type, settings);
  return own.apply(type, own.plan(type, config, null, config, facts), config, "", facts);
}

describe("a plan", () => {
  const plan = (settings: Record<string, Value>) => {
    const config = configOf("aws_vpc", settings);
    return provider().plan("aws_vpc", config, null, config, facts) as Record<string, Value>;
  };
  it("knows the region and all tags", () => {
    expect(plan({ tags: { Name: "a" } })).toMatchObject({
      region: "us-west-2",
      tags_all: { Stack: "s", Name: "a" },
      id: UNKNOWN,
    });
    expect(plan({ tags: { Stack: "own" }, region: "eu-west-1" })).toMatchObject({
      region: "eu-west-1",
      tags_all: { Stack: "own" },
    });
  });
  it("does not know unknown tags", () => {
    expect(plan({ tags: UNKNOWN }).tags_all).toBe(UNKNOWN);
    expect(plan({ tags: { Name: UNKNOWN } }).tags_all).toEqual({ Stack: "s", Name: UNKNOWN });
  });
  it("keeps tags_all that is set", () => {
    expect(plan({ tags_all: { Only: "this" } }).tags_all).toEqual({ Only: "this" });
  });
});

describe("a resource", () => {
  it("has the same values in every run", () => {
    const once = create(provider(), "aws_vpc", { cidr_block: "10.0.0.0/16" });
    expect(create(provider(), "aws_vpc", { cidr_block: "10.0.0.0/16" })).toEqual(once);
    expect(create(provider(), "aws_vpc", { cidr_block: "10.1.0.0/16" })).not.toEqual(once);
  });
  it("differs from an existing one with the same arguments", () => {
    const own = provider();
    const ids = [1, 2].map(() => create(own, "aws_eip", { domain: "vpc" }));
    expect(ids[0]?.seed).not.toBe(ids[1]?.seed);
    expect(ids[0]?.state).not.toEqual(ids[1]?.state);
    expect(own.apply("aws_eip", null, null, ids[0]?.seed ?? "", facts)).toEqual({ state: null, seed: "" });
    expect(create(own, "aws_eip", { domain: "vpc" })).toEqual(ids[0]);
  });
  it("differs from one of another process after a refresh", () => {
    const before = create(provider(), "aws_eip", { domain: "vpc" });
    const own = provider();
    own.refresh("aws_eip", before.state, before.seed);
    expect(create(own, "aws_eip", { domain: "vpc" }).seed).not.toBe(before.seed);
  });
  it("keeps its values in a change", () => {
    const own = provider();
    const { state, seed } = create(own, "aws_vpc", { cidr_block: "10.0.0.0/16" });
    const proposed = { ...(state as Record<string, Value>), enable_dns_support: true };
    const plan = own.plan("aws_vpc", proposed, state, configOf("aws_vpc", { cidr_block: "10.0.0.0/16" }), facts);
    expect(own.apply("aws_vpc", plan, null, seed, facts)).toEqual({
      state: { ...(state as object), enable_dns_support: true },
      seed,
    });
  });
  it("has no write-only values", () => {
    const { state } = create(provider(), "aws_secretsmanager_secret_version", {
      secret_id: "s",
      secret_string_wo: "hush",
      secret_string_wo_version: 1,
    });
    expect(state).toMatchObject({ secret_string_wo: null, secret_string_wo_version: 1, secret_id: "s" });
    expect(JSON.stringify(state)).not.toContain("hush");
  });
  it("can be imported by its id", () => {
    expect(provider().import("aws_vpc", "vpc-1", facts).state).toMatchObject({
      id: "vpc-1",
      arn: expect.stringContaining("vpc/vpc-1"),
    });
  });
});

describe("a read", () => {
  it("fills in unset attributes only", () => {
    const config = { region: null, name: "/a", id: null, arn: null, value: null, with_decryption: null };
    expect(provider().answer("data", "aws_ssm_parameter", config, facts)).toMatchObject({
      name: "/a",
      with_decryption: null,
      region: "us-west-2",
      arn: "arn:aws:ssm:us-west-2:123456789012:parameter/a",
      value: expect.stringMatching(/^value-/),
    });
  });
  it("simulates an ephemeral password", () => {
    const config = { password_length: 20, random_password: null };
    const { random_password } = provider().answer(
      "ephemeral",
      "aws_secretsmanager_random_password",
      config,
      facts,
    ) as Record<string, Value>;
    expect(random_password).toEqual(expect.any(String));
  });
});

describe("a secret", () => {
  const secret = { secret_id: "s", secret_string_wo: '{"a":"b"}', secret_string_wo_version: 1 };
  const question = { secret_id: "s", version_id: null, secret_string: null };
  it("is read as it was written", () => {
    const own = provider();
    create(own, "aws_secretsmanager_secret_version", secret);
    expect(own.answer("ephemeral", "aws_secretsmanager_secret_version", question, facts)).toMatchObject({
      secret_string: '{"a":"b"}',
    });
  });
});

describe("a check", () => {
  it("rejects read-only attributes and what the caller's check finds", () => {
    const finding = { path: ["cidr_block"], summary: "bad", detail: "worse" };
    const own = new RehearsalProvider(schemas, { checks: () => [finding] });
    const found = own.check("resource", "aws_vpc", configOf("aws_vpc", { arn: "a" }));
    expect(found).toEqual([expect.objectContaining({ path: ["arn"] }), finding]);
    expect(provider().check("resource", "aws_vpc", configOf("aws_vpc", { cidr_block: "a" }))).toEqual([]);
  });
});

describe("types", () => {
  it("are the given ones, of every kind", () => {
    const own = new RehearsalProvider(schemas, {
      types: new Set(["aws_vpc", "aws_secretsmanager_random_password", "nothing"]),
    });
    expect([own.types("resource"), own.types("data"), own.types("ephemeral")]).toEqual([
      ["aws_vpc"],
      ["aws_secretsmanager_random_password", "aws_vpc"],
      ["aws_secretsmanager_random_password"],
    ]);
  });
  it("are all by default", () => {
    expect(provider().types("resource").length).toBeGreaterThan(1500);
    expect(provider().types("data").length).toBeGreaterThan(600);
  });
  it("that do not exist are named", () => {
    expect(() => provider().block("resource", "aws_nothing")).toThrow(
      'registry.terraform.io/hashicorp/aws has no resource "aws_nothing"',
    );
  });
});
