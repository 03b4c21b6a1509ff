import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { findBindings, installedModules, readBindings, sourceOf, typeFolders } from "../src/bindings";

const modules = installedModules();

/** A package folder with these files in it. */
function packageWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "bindings-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(resolve(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const bindings = (folder: string) => ({ name: "n", version: "1.0.0", folder, source: "s", providerVersion: "1" });

describe("finding bindings", () => {
  it("finds every installed provider with its versions", () => {
    const found = findBindings(modules);
    expect(
      found.map(({ name, version, source, providerVersion }) => ({ name, version, source, providerVersion })),
    ).toEqual([
      {
        name: "@cdktf/provider-aws",
        version: "21.22.1",
        source: "registry.terraform.io/hashicorp/aws",
        providerVersion: "6.25.0",
      },
      {
        name: "@cdktf/provider-helm",
        version: "12.1.2",
        source: "registry.terraform.io/hashicorp/helm",
        providerVersion: "3.1.1",
      },
      {
        name: "@cdktf/provider-kubernetes",
        version: "12.1.1",
        source: "registry.terraform.io/hashicorp/kubernetes",
        providerVersion: "2.38.0",
      },
    ]);
  });
  it("finds the requested ones, and names a missing one", () => {
    expect(findBindings(modules, ["@cdktf/provider-helm"]).map(({ name }) => name)).toEqual(["@cdktf/provider-helm"]);
    expect(() => findBindings(modules, ["@cdktf/provider-azurerm"])).toThrow(/^@cdktf\/provider-azurerm: no bindings/);
  });
  it("finds nothing in an empty folder", () => {
    expect(findBindings(packageWith({}))).toEqual([]);
  });
  it("ignores a package without a provider", () => {
    expect(
      readBindings(packageWith({ "package.json": '{"name":"@cdktf/hcl2json","version":"1.0.0"}' })),
    ).toBeUndefined();
  });
});

describe("reading bindings", () => {
  it("distinguishes resources, data sources and the provider without loading them", () => {
    const [helm] = findBindings(modules, ["@cdktf/provider-helm"]);
    expect(helm && typeFolders(helm)).toEqual({
      provider: { helm: "provider" },
      resource: { helm_release: "release" },
      data: { helm_template: "data-helm-template" },
    });
  });
  it("reads the source of a resource with structs in separate files", () => {
    const [kubernetes] = findBindings(modules, ["@cdktf/provider-kubernetes"]);
    const source = kubernetes ? sourceOf(kubernetes, "daemonset") : "";
    expect(source).toContain("export class Daemonset extends cdktf.TerraformResource");
    expect(source).toContain("export class DaemonsetSpecTemplateSpecContainerOutputReference");
  });
  it("names a file without source", () => {
    const folder = packageWith({ "lib/thing/index.js": "class Thing {}\n" });
    expect(() => sourceOf(bindings(folder), "thing")).toThrow(/lib\/thing\/index\.js: has no source map/);
  });
});
