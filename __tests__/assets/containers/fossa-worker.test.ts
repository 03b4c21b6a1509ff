import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDockerfile } from "./dockerfile.fixture";

const FOLDER = "assets/containers/fossa-worker";
const text = (file: string) => readFileSync(join(FOLDER, file), "utf8");

describe("the worker's Dockerfile", () => {
  const instructions = readDockerfile(join(FOLDER, "Dockerfile"));
  const all = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);

  it("takes a Python whose processes start by fork, and which is still mended", () => {
    expect(all("FROM")[0]).toMatch(/python:3\.1[23]\./);
  });
  it("installs by hash, from wheels alone, and keeps no cache", () => {
    const [install = "", ...rest] = all("RUN").filter((run) => run.includes("pip"));
    expect(rest).toEqual([]);
    expect(install).toMatch(/^pip install /);
    for (const option of [
      "--no-cache-dir",
      "--require-hashes",
      "--only-binary=:all:",
      "--requirement requirements.txt",
    ])
      expect(install).toContain(option);
  });
  it("listens on port 2345, and asks itself there whether it is well", () => {
    expect(all("EXPOSE")).toEqual(["2345"]);
    const [check = ""] = all("HEALTHCHECK");
    expect(check).toMatch(/^--interval=30s --timeout=5s --start-period=30s --retries=3 CMD \[/);
    const [program, option, code] = JSON.parse(check.slice(check.indexOf("["))) as string[];
    expect([program, option]).toEqual(["python", "-c"]);
    expect(code).toContain("urlopen('http://127.0.0.1:2345/api/0.01/', timeout=4)");
  });
  it("writes to /tmp alone", () => {
    expect(all("VOLUME").map((rest) => JSON.parse(rest))).toEqual([["/tmp"]]);
    expect(all("RUN").at(-1)).toContain("--home-dir /tmp --no-create-home");
    expect(all("ENV").join()).toContain("PYTHONDONTWRITEBYTECODE=1");
  });
  it("runs the node's program", () => {
    expect(JSON.parse(all("CMD")[0] ?? "")).toEqual(["python", "fossa_node.py"]);
    expect(readdirSync(FOLDER)).toContain("fossa_node.py");
  });
});

describe("the worker's requirements", () => {
  const pins = new Map(
    [...text("requirements.txt").matchAll(/^([a-z0-9-]+)==(\S+) \\\n((?: +--hash=\S+(?: \\)?\n)+)/gm)].map(
      ([, name = "", version = "", hashes = ""]) => [
        name,
        { version, hashes: hashes.match(/sha256:[0-9a-f]{64}/g) ?? [] },
      ],
    ),
  );

  it("are all pinned to a version, with hashes", () => {
    const lines = text("requirements.txt").split("\n");
    const starts = lines.filter((line) => /^[^\s#]/.test(line));
    expect(starts.map((line) => line.split("==")[0])).toEqual([...pins.keys()]);
    expect([...pins].filter(([, { hashes }]) => hashes.length === 0)).toEqual([]);
  });
  it("are Fossa and Aye-Aye as the example was written for, and what these need", () => {
    expect(text("requirements.in").trimEnd().split("\n")).toEqual(["ayeaye==0.1.7", "ayeaye-fossa==0.0.37"]);
    expect(pins.get("ayeaye")?.version).toBe("0.1.7");
    expect(pins.get("ayeaye-fossa")?.version).toBe("0.0.37");
    for (const needed of ["flask", "gunicorn", "pika", "boto3"]) expect([...pins.keys()]).toContain(needed);
    expect([...pins.keys()]).not.toContain("fossa"); // is another project
  });
});

it("has a README that tells of every setting and of the right hook", () => {
  const readme = text("README.md");
  const settings = [...text("settings.py").matchAll(/"([A-Z]+_[A-Z_]+)"/g)].map(([, name]) => name ?? "");
  expect(new Set(settings).size).toBe(10);
  for (const name of settings.filter((name) => name !== "AWS_REGION")) expect(readme).toContain(`| \`${name}\``);
  expect(text("models/partitioned_example.py")).toContain("def partition_subtask_complete(self, task_message):");
  expect(readme).toContain("`task_message`");
});
