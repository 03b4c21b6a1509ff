import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { cacheFolder, goModuleFiles, goPrograms } from "../../../tools/control-plane/go-programs";
import { FakeGo } from "./fake-go.fixture";

/** Newest of the `go` lines of this project's Go modules: an older Go refuses that module. */
const MODULES = resolve("tools/control-plane");
const NEWEST_GO = readdirSync(MODULES)
  .map((name) => join(MODULES, name, "go.mod"))
  .flatMap((file) => (existsSync(file) ? (/^go (\S+)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? []) : []))
  .sort(new Intl.Collator("en", { numeric: true }).compare)
  .at(-1);

let go: FakeGo;
let folder: string;
beforeEach(() => {
  go = new FakeGo();
  folder = join(go.folder, "module");
  mkdirSync(folder);
  writeFileSync(join(folder, "go.mod"), "module some\n");
  writeFileSync(join(folder, "go.sum"), "");
});

describe("the programs of a Go module", () => {
  it("are built once, with versions as go.mod and go.sum have them", async () => {
    const built = await goPrograms({ folder, linkerFlags: ["-X a.b=c"] }, go.env);
    expect(readFileSync(join(built, "some"), "utf8")).toBe("program\n");
    expect(built.startsWith(cacheFolder(go.env))).toBe(true);
    expect(await goPrograms({ folder, linkerFlags: ["-X a.b=c"] }, go.env)).toBe(built);
    const [asked, ...others] = go.asked("build");
    expect(asked).toMatch(/^build -trimpath -ldflags -s -w -X a\.b=c -o \S+ tool$/);
    expect(others).toEqual([]);
  });
  it.each<[string, () => void]>([
    ["go.mod", () => writeFileSync(join(folder, "go.mod"), "module other\n")],
    ["go.sum", () => writeFileSync(join(folder, "go.sum"), "a v1 h1:x\n")],
    ["the version or platform of Go", () => Object.assign(go.env, { GO_PLATFORM: "darwin" })],
  ])("are built anew after a change of %s", async (_, change) => {
    const built = await goPrograms({ folder }, go.env);
    change();
    expect(await goPrograms({ folder }, go.env)).not.toBe(built);
    expect(go.asked("build")).toHaveLength(2);
  });
  it("are built anew after a build that failed, of which nothing is left", async () => {
    go.builds('echo half > "$2/some"; echo "no such module" >&2; exit 1');
    const message = `go build ended with status 1 in ${folder}:\nno such module`;
    await expect(goPrograms({ folder }, go.env)).rejects.toThrow(message);
    expect(readdirSync(join(cacheFolder(go.env), "go-programs"))).toEqual([]);
    go.builds('echo program > "$2/some"');
    expect(existsSync(join(await goPrograms({ folder }, go.env), "some"))).toBe(true);
  });
  it("are the same for two that build at the same time", async () => {
    const [one, two] = await Promise.all([goPrograms({ folder }, go.env), goPrograms({ folder }, go.env)]);
    expect(one).toBe(two);
    expect(readdirSync(join(cacheFolder(go.env), "go-programs"))).toHaveLength(1);
  });
  it("need Go, and say so", async () => {
    await expect(goPrograms({ folder }, { ...go.env, PATH: join(folder, "none") })).rejects.toThrow(
      `go cannot be started, and Go ${NEWEST_GO} or later is needed: `,
    );
  });
});

it("is told in the docs as well, with the Go that every module can be built with", () => {
  const text = readFileSync(resolve("docs/testing.md"), "utf8");
  expect(text.match(/Go \d[\d.]*\d or later/g)).toEqual([`Go ${NEWEST_GO} or later`]);
});
it("finds the files of a module", async () => {
  expect(await goModuleFiles("example.com/some@v1.0.0", go.env)).toBe("/modules/some");
  expect(go.asked("mod")).toEqual(["mod download -json example.com/some@v1.0.0"]);
});

it("keeps what it builds in the user's cache", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/some/cache" })).toBe("/some/cache/cdktf-ml-infra");
  expect(cacheFolder({})).toMatch(/\/\.cache\/cdktf-ml-infra$/);
});
