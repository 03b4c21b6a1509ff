import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { cliConfig, findMirror, type Places } from "./provider-mirror";

const AWS = "hashicorp/aws";

let machine: string;
let places: Places;
const mirror = (...path: string[]) => {
  const folder = join(machine, ...path);
  mkdirSync(join(folder, "registry.terraform.io", AWS, "5.100.0"), { recursive: true });
  return folder;
};

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), "mirrors-"));
  const folder = (name: string) => join(machine, name);
  places = { env: {}, project: folder("project"), home: folder("home"), roots: [folder("opt"), folder("share")] };
});

describe("findMirror", () => {
  it("finds none on a machine that has none", () => {
    expect(findMirror(AWS, places)).toBeUndefined();
  });
  it("asks the variable, the project, the home folder and the installation roots, in this order", () => {
    const inSecondRoot = mirror("share", "tf-plugins");
    expect(findMirror(AWS, places)).toBe(inSecondRoot);
    const belowRoot = mirror("opt", "tf-plugins");
    expect(findMirror(AWS, places)).toBe(belowRoot);
    const inRoot = mirror("opt");
    expect(findMirror(AWS, places)).toBe(inRoot);
    const inHome = mirror("home", ".terraform.d", "plugins");
    expect(findMirror(AWS, places)).toBe(inHome);
    const inProject = mirror("project", "terraform.d", "plugins");
    expect(findMirror(AWS, places)).toBe(inProject);
    const named = mirror("elsewhere");
    expect(findMirror(AWS, { ...places, env: { ML_INFRA_PROVIDER_MIRROR: named } })).toBe(named);
    expect(findMirror(AWS, { ...places, env: { ML_INFRA_PROVIDER_MIRROR: "../elsewhere" } })).toBe(named);
  });
  it("looks no deeper than one folder below a root", () => {
    mirror("opt", "a", "b");
    expect(findMirror(AWS, places)).toBeUndefined();
  });
  it("passes over a mirror that lacks the provider", () => {
    mirror("opt");
    const full = mirror("share", "full");
    mkdirSync(join(full, "registry.terraform.io", "hashicorp", "tls"));
    expect(findMirror("hashicorp/tls", places)).toBe(full);
  });
  it("refuses a named folder that is no mirror, and says which variable names it", () => {
    const env = { ML_INFRA_PROVIDER_MIRROR: join(machine, "nowhere") };
    expect(() => findMirror(AWS, { ...places, env })).toThrow(
      `ML_INFRA_PROVIDER_MIRROR: must be a folder that holds registry.terraform.io/hashicorp/aws, got ${machine}/nowhere`,
    );
  });
});

it("cliConfig takes from the mirror what it holds, and lets the rest be downloaded", () => {
  const folder = mirror("opt");
  mkdirSync(join(folder, "registry.terraform.io", "hashicorp", "tls"));
  writeFileSync(join(folder, "registry.terraform.io", "hashicorp", "README"), "");
  expect(cliConfig(folder)).toBe(
    `provider_installation {
  filesystem_mirror { path = "${folder}" }
  direct { exclude = ["registry.terraform.io/hashicorp/aws","registry.terraform.io/hashicorp/tls"] }
}
`,
  );
});
