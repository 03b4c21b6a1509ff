import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, type GrpcObject, loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { decode as unpack } from "@msgpack/msgpack";
import { afterEach, describe, expect, it } from "vitest";
import { encode, type Value } from "../src/msgpack-cty";
import { type Providers, type ProvidersOptions, startProviders } from "../src/server";

const AWS = "registry.terraform.io/hashicorp/aws";
const HELM = "registry.terraform.io/hashicorp/helm";
const running: (() => void)[] = [];
afterEach(() => {
  for (const close of running.splice(0)) close();
});

async function start(options: ProvidersOptions): Promise<Providers> {
  const providers = await startProviders(options);
  running.push(() => providers.close());
  return providers;
}

const definition = loadSync(join(__dirname, "../proto/tfplugin6.proto"), {
  keepCase: true,
  longs: Number,
  enums: String,
  defaults: true,
});
const Provider = (loadPackageDefinition(definition).tfplugin6 as GrpcObject).Provider as ServiceClientConstructor;

/** A caller of one of the providers, as Terraform is. */
function clientOf({ reattach }: Providers, source: string) {
  const client = new Provider(JSON.parse(reattach)[source].Addr.String, credentials.createInsecure());
  running.unshift(() => client.close());
  // biome-ignore lint/suspicious/noExplicitAny: messages are read by the fields that a test names
  return (call: string, request: object = {}): Promise<any> =>
    new Promise((resolve, reject) =>
      client[call]?.(request, (error: Error | null, answer: object) => (error ? reject(error) : resolve(answer))),
    );
}

const dynamic = (value: Value) => ({ msgpack: Buffer.from(encode(value)) });
const release = { id: null, name: "n", chart: "c", set: null, set_wo: null, metadata: null };

describe("running providers", () => {
  it("are announced to Terraform and OpenTofu, on loopback only", async () => {
    const { reattach, sources } = await start({ packages: ["@cdktf/provider-helm"] });
    expect(sources).toEqual([HELM]);
    const attached = JSON.parse(reattach);
    expect(Object.keys(attached)).toEqual([HELM, "registry.opentofu.org/hashicorp/helm"]);
    expect(attached[HELM]).toEqual({
      Protocol: "grpc",
      ProtocolVersion: 6,
      Pid: process.pid,
      Test: true,
      Addr: { Network: "tcp", String: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
    });
  });
  it("have separate ports", async () => {
    const { reattach } = await start({ packages: ["@cdktf/provider-helm", "@cdktf/provider-kubernetes"] });
    expect(new Set(Object.values(JSON.parse(reattach)).map((it) => JSON.stringify(it))).size).toBe(2);
  });
  it("stop on close", async () => {
    const providers = await startProviders({ packages: ["@cdktf/provider-helm"] });
    const call = clientOf(providers, HELM);
    await call("GetMetadata");
    providers.close();
    await expect(call("GetMetadata")).rejects.toThrow();
  });
  it("have derived all schemas before Terraform can call them, even without a cache", async () => {
    const cache = mkdtempSync(join(tmpdir(), "cache-"));
    await start({ packages: ["@cdktf/provider-helm"], cache });
    const [folder = ""] = readdirSync(cache);
    expect(readdirSync(join(cache, folder)).sort()).toEqual([
      "data.helm_template.json",
      "provider.helm.json",
      "resource.helm_release.json",
      "types.json",
    ]);
  });
  it("answer with a diagnostic where bindings have no schemas", async () => {
    const modules = mkdtempSync(join(tmpdir(), "modules-"));
    const folder = join(modules, "@cdktf", "provider-broken");
    mkdirSync(join(folder, "lib", "thing"), { recursive: true });
    const cdktf = { provider: { name: "registry.terraform.io/acme/broken", version: "1.0.0" } };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "provider-broken", version: "1.0.0", cdktf }));
    const compiled = 'class Thing extends cdktf.TerraformResource {\n}\nThing.tfResourceType = "broken_thing";\n';
    writeFileSync(join(folder, "lib", "thing", "index.js"), compiled);
    const call = clientOf(await start({ modules }), cdktf.provider.name);
    expect((await call("GetProviderSchema")).diagnostics).toMatchObject([
      { severity: "ERROR", summary: "The rehearsal failed in GetProviderSchema" },
    ]);
  });
  it("need bindings", async () => {
    await expect(startProviders({ packages: ["@cdktf/provider-none"] })).rejects.toThrow(/no bindings of a provider/);
  });
});

describe("calls", () => {
  it("give the schemas of the types in use", async () => {
    const call = clientOf(await start({ packages: ["@cdktf/provider-helm"], types: ["helm_release"] }), HELM);
    const { provider, resource_schemas, data_source_schemas, diagnostics, server_capabilities } =
      await call("GetProviderSchema");
    expect(diagnostics).toEqual([]);
    expect(server_capabilities).toEqual({ plan_destroy: false, get_provider_schema_optional: true });
    expect(Object.keys(resource_schemas)).toEqual(["helm_release"]);
    expect(data_source_schemas).toEqual({});
    expect(provider.block.attributes.map(({ name }: { name: string }) => name)).toContain("kubernetes");
    const attributes = new Map<string, unknown>(
      resource_schemas.helm_release.block.attributes.map((it: { name: string }) => [it.name, it]),
    );
    expect(attributes.get("name")).toMatchObject({ type: Buffer.from('"string"'), required: true, nested_type: null });
    expect(attributes.get("repository_password")).toMatchObject({ sensitive: true });
    expect(attributes.get("set_wo")).toMatchObject({ write_only: true, nested_type: { nesting: "LIST" } });
    expect(await call("GetProviderSchema")).toMatchObject({ resource_schemas }); // from the second time on as written
  });
  it("make a resource from a plan", async () => {
    const call = clientOf(await start({ packages: ["@cdktf/provider-helm"] }), HELM);
    const request = { type_name: "helm_release", config: dynamic(release) };
    const plan = await call("PlanResourceChange", {
      ...request,
      prior_state: dynamic(null),
      proposed_new_state: dynamic(release),
    });
    expect(plan.diagnostics).toEqual([]);
    const made = await call("ApplyResourceChange", {
      ...request,
      prior_state: dynamic(null),
      planned_state: plan.planned_state,
    });
    expect(unpack(made.new_state.msgpack)).toMatchObject({ id: "n", name: "n", status: "deployed" });
    expect(made.private.length).toBeGreaterThan(0);
    const read = await call("ReadResource", {
      type_name: "helm_release",
      current_state: made.new_state,
      private: made.private,
    });
    expect(read).toMatchObject({ new_state: made.new_state, private: made.private });
  });
  it("reject what a check finds, with the path of the argument", async () => {
    const checks: ProvidersOptions["checks"] = (kind, type, config) =>
      kind === "resource" && type === "helm_release" && config.chart === "c"
        ? [{ path: ["set", 0, "name"], summary: "bad chart", detail: "c is no chart" }]
        : [];
    const call = clientOf(await start({ packages: ["@cdktf/provider-helm"], checks }), HELM);
    const { diagnostics } = await call("ValidateResourceConfig", {
      type_name: "helm_release",
      config: dynamic(release),
    });
    expect(diagnostics).toMatchObject([
      {
        severity: "ERROR",
        summary: "bad chart",
        detail: "c is no chart",
        attribute: { steps: [{ attribute_name: "set" }, { element_key_int: 0 }, { attribute_name: "name" }] },
      },
    ]);
  });
  it("reject what AWS rejects, unless there is another check", async () => {
    const volume = { type_name: "aws_ebs_volume", config: dynamic({ type: "gp4" }) };
    const options = { packages: ["@cdktf/provider-aws"], types: ["aws_ebs_volume"] };
    const { diagnostics } = await clientOf(await start(options), AWS)("ValidateResourceConfig", volume);
    expect(diagnostics).toMatchObject([
      {
        summary: expect.stringMatching(/^expected type to be one of .* got gp4$/),
        attribute: { steps: [{ attribute_name: "type" }] },
      },
    ]);
    const call = clientOf(await start({ ...options, checks: () => [] }), AWS);
    expect(await call("ValidateResourceConfig", volume)).toEqual({ diagnostics: [] });
  });
  it("answer with a diagnostic on failure", async () => {
    const call = clientOf(await start({ packages: ["@cdktf/provider-helm"] }), HELM);
    const { diagnostics } = await call("ReadDataSource", { type_name: "helm_nothing", config: dynamic({}) });
    expect(diagnostics).toMatchObject([
      {
        severity: "ERROR",
        summary: "The rehearsal failed in ReadDataSource",
        detail: `${HELM} has no data "helm_nothing"`,
      },
    ]);
  });
  it("without content are answered too", async () => {
    const call = clientOf(await start({ packages: ["@cdktf/provider-helm"] }), HELM);
    expect(await call("GetFunctions")).toEqual({ functions: {} });
    expect(await call("GetResourceIdentitySchemas")).toEqual({ identity_schemas: {} });
    expect(await call("StopProvider")).toEqual({ Error: "" });
  });
});
