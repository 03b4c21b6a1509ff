import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { cacheFolder, goModuleFiles, goPrograms } from "../../../tools/control-plane/go-programs";
import { ASSETS_VARIABLE, KUBERNETES_VERSIONS, kubernetesPrograms } from "../../../tools/control-plane/kubernetes";

let folder: string;
let env: NodeJS.ProcessEnv;

/** A `go` that writes down what it is asked, and builds a program of its own, or does what `body` says. */
function goThat(body: string): void {
  const script = `#!/bin/sh
echo "$@" >> ${join(folder, "asked")}
case "$1" in
  version) echo go version go1.26.0 \${GO_PLATFORM:-linux} ;;
  mod) echo '{"Dir": "/modules/some"}' ;;
  *) while [ "$1" != -o ]; do shift; done; ${body} ;;
esac
`;
  writeFileSync(join(folder, "bin", "go"), script);
  chmodSync(join(folder, "bin", "go"), 0o755);
}
const builds = () =>
  readFileSync(join(folder, "asked"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("build"));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "go-programs-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "module"));
  writeFileSync(join(folder, "module", "go.mod"), "module some\n");
  writeFileSync(join(folder, "module", "go.sum"), "");
  env = { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, XDG_CACHE_HOME: join(folder, "cache") };
  goThat('echo program > "$2/some"');
});

describe("the programs of a Go module", () => {
  const module = () => ({ folder: join(folder, "module") });

  it("are built once, with versions as go.mod and go.sum have them", async () => {
    const built = await goPrograms({ ...module(), linkerFlags: ["-X a.b=c"] }, env);
    expect(readFileSync(join(built, "some"), "utf8")).toBe("program\n");
    expect(built.startsWith(cacheFolder(env))).toBe(true);
    expect(await goPrograms({ ...module(), linkerFlags: ["-X a.b=c"] }, env)).toBe(built);
    expect(builds()).toEqual([expect.stringMatching(/^build -trimpath -ldflags -s -w -X a\.b=c -o \S+ tool$/)]);
  });
  it.each<[string, () => void]>([
    ["go.mod", () => writeFileSync(join(folder, "module", "go.mod"), "module other\n")],
    ["go.sum", () => writeFileSync(join(folder, "module", "go.sum"), "a v1 h1:x\n")],
    ["the version or platform of Go", () => Object.assign(env, { GO_PLATFORM: "darwin" })],
  ])("are built anew after a change of %s", async (_, change) => {
    const built = await goPrograms(module(), env);
    change();
    expect(await goPrograms(module(), env)).not.toBe(built);
    expect(builds()).toHaveLength(2);
  });
  it("are built anew after a build that failed, of which nothing is left", async () => {
    goThat('echo half > "$2/some"; echo "no such module" >&2; exit 1');
    await expect(goPrograms(module(), env)).rejects.toThrow(
      `go build ended with status 1 in ${join(folder, "module")}:\nno such module`,
    );
    expect(readdirSync(join(cacheFolder(env), "go-programs"))).toEqual([]);
    goThat('echo program > "$2/some"');
    expect(existsSync(join(await goPrograms(module(), env), "some"))).toBe(true);
  });
  it("are the same for two that build at the same time", async () => {
    const [one, two] = await Promise.all([goPrograms(module(), env), goPrograms(module(), env)]);
    expect(one).toBe(two);
    expect(readdirSync(join(cacheFolder(env), "go-programs"))).toHaveLength(1);
  });
  it("need Go, and say so", async () => {
    await expect(goPrograms(module(), { ...env, PATH: join(folder, "none") })).rejects.toThrow(
      "go cannot be started, and Go 1.24 or later is needed",
    );
  });
});

it("finds the files of a module", async () => {
  expect(await goModuleFiles("example.com/some@v1.0.0", env)).toBe("/modules/some");
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe("mod download -json example.com/some@v1.0.0\n");
});

it("keeps what it builds in the user's cache", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/some/cache" })).toBe("/some/cache/cdktf-ml-infra");
  expect(cacheFolder({})).toMatch(/\/\.cache\/cdktf-ml-infra$/);
});

describe("the programs of a control plane", () => {
  const NAMES = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"];

  it("are of two minor versions that follow each other", () => {
    const [older = "", newer = ""] = KUBERNETES_VERSIONS;
    expect(KUBERNETES_VERSIONS).toHaveLength(2);
    expect(Number(newer.slice(2))).toBe(Number(older.slice(2)) + 1);
  });
  it.each(KUBERNETES_VERSIONS)("tell the release that is pinned for %s", async (version) => {
    const paths = await kubernetesPrograms(version, env);
    expect(Object.keys(paths)).toEqual(NAMES);
    const [asked = ""] = builds();
    expect(asked).toMatch(new RegExp(`gitVersion=v${version.replace(".", "\\.")}\\.\\d+ `));
    expect(asked).toContain(`gitMinor=${version.slice(2)} `);
  });
  it("are those of a folder that the user names", async () => {
    for (const name of NAMES) writeFileSync(join(folder, "bin", name), "");
    const paths = await kubernetesPrograms("1.99", { [ASSETS_VARIABLE]: join(folder, "bin") });
    expect(paths["kube-scheduler"]).toBe(join(folder, "bin", "kube-scheduler"));
  });
  it("says what a named folder lacks", async () => {
    writeFileSync(join(folder, "bin", "etcd"), "");
    await expect(kubernetesPrograms("1.99", { [ASSETS_VARIABLE]: join(folder, "bin") })).rejects.toThrow(
      `${ASSETS_VARIABLE}: must be a folder that holds ${NAMES.join(", ")}, got ${join(folder, "bin")} without ${NAMES.slice(1).join(", ")}`,
    );
  });
});
