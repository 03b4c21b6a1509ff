import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CannotInstall, installPython, PythonTools, scannerEnv } from "../../../tools/policy/python-tools";
import { fakeBin, scratchFolder } from "./policy.fixture";

/** A Python that makes an environment whose pip does as told, and a requirements file. */
function pythonOf(pip = "exit 0") {
  const folder = scratchFolder();
  const requirements = join(folder, "requirements.txt");
  const log = join(folder, "log");
  writeFileSync(requirements, "checkov==1\n");
  writeFileSync(log, "");
  const inner = `echo "pip $*" >> ${log}; ${pip}`;
  const venv = `mkdir -p "$3/bin"; printf '%s' '${`#!/bin/sh\n${inner}\n`}' > "$3/bin/python"; chmod +x "$3/bin/python"`;
  const PYTHON = join(fakeBin({ python3: `echo "$1 $2" >> ${log}; ${venv}` }), "bin", "python3");
  const env = { PATH: process.env.PATH, PYTHON };
  const install = () => installPython(requirements, join(folder, "venv"), { env });
  return {
    install,
    requirements,
    folder: join(folder, "venv"),
    calls: () => readFileSync(log, "utf8").trim().split("\n"),
  };
}

describe("installPython", () => {
  it("makes the environment once, and anew when the list has changed", async () => {
    const { install, requirements, folder, calls } = pythonOf();
    expect(await install()).toBe(folder);
    expect(calls()).toEqual(["-m venv", `pip -m pip install --quiet --requirement ${requirements}`]);
    await install();
    expect(calls()).toHaveLength(2);
    writeFileSync(requirements, "checkov==2\n");
    await install();
    expect(calls()).toHaveLength(4);
  });
  it("says what pip said, and makes again what was cut short", async () => {
    const { install, folder, calls } = pythonOf("echo no such package >&2; exit 1");
    await expect(install()).rejects.toThrow(/^requirements\.txt could not be installed by .*:\nno such package$/);
    expect(existsSync(join(folder, "requirements.txt"))).toBe(false);
    await expect(install()).rejects.toThrow(CannotInstall);
    expect(calls()).toHaveLength(4);
  });
  it("says that Python is missing", async () => {
    const { requirements, folder } = pythonOf();
    const env = { PATH: process.env.PATH, PYTHON: "no-python" };
    await expect(installPython(requirements, folder, { env })).rejects.toThrow(
      /no-python cannot be started, and Python 3\.11/,
    );
  });
});

describe("PythonTools", () => {
  it("runs a program of the environment with what it is to read", async () => {
    const folder = fakeBin({ say: 'echo "$1 $HOME $(cat)"' });
    expect(await new PythonTools(folder, { ...process.env, HOME: "/h" }).run("say", ["a"], "b")).toBe("a /h b\n");
  });
  it("fails with what a program says that fails", async () => {
    const folder = fakeBin({ bad: "echo broken >&2; exit 3" });
    await expect(new PythonTools(folder, process.env).run("bad", [])).rejects.toThrow(
      "bad ended with status 3:\nbroken",
    );
  });
  it("ends what runs when it is stopped", async () => {
    const folder = fakeBin({ slow: "exec sleep 60" });
    const tools = new PythonTools(folder, process.env, AbortSignal.timeout(100));
    await expect(tools.run("slow", [])).rejects.toThrow(/abort/i);
  });
});

it("shows the scanners no settings, keys or home of whoever runs them", () => {
  const own = {
    PATH: "/bin",
    HOME: "/home/me",
    BC_API_KEY: "k",
    CKV_X: "1",
    AWS_PROFILE: "p",
    PYTHONPATH: "x",
    LOG_LEVEL: "DEBUG",
  };
  expect(scannerEnv(own, "/scratch")).toEqual({
    PATH: "/bin",
    HOME: "/scratch",
    CKV_SKIP_PACKAGE_UPDATE_CHECK: "true",
  });
});
