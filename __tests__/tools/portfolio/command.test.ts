import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { command } from "../../../tools/portfolio/command";
import { stubAws } from "./aws.fixture";

/** A project whose Python is a moto_server at `url`. */
function projectWith(url: string): string {
  const project = mkdtempSync(join(tmpdir(), "portfolio-command-test-"));
  const bin = join(project, ".venv", "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(project, "requirements-test.txt"), "moto==1\n");
  copyFileSync(join(project, "requirements-test.txt"), join(project, ".venv", "requirements-test.txt"));
  writeFileSync(join(bin, "python"), `#!/bin/sh\necho "Running on ${url}" >&2\nexec sleep 60\n`);
  chmodSync(join(bin, "python"), 0o755);
  return project;
}

/** Runs it until it says how to end it; `use` then sees what it said. */
async function run(args: string[], { url = "http://127.0.0.1:1", env = {}, use = async (_said: string[]) => {} } = {}) {
  const said: string[] = [];
  const stop = new AbortController();
  let used: Promise<void> = Promise.resolve();
  const say = (text: string) => {
    said.push(text);
    if (text === "Ctrl-C ends it.") used = use(said).finally(() => stop.abort());
  };
  const own = { PATH: process.env.PATH, ...env };
  const status = await command(args, { project: projectWith(url), env: own, say, signal: stop.signal });
  await used;
  return { status, said };
}
const ANY = ["--port", "0", "--api-port", "0"];

it("tells its options", async () => {
  const { status, said } = await run(["--help"]);
  expect(status).toBe(0);
  for (const option of ["environment", "receipts", "table", "raw-bucket", "site-bucket", "site", "port", "api-port"]) {
    expect(said.join("")).toContain(`--${option} `);
  }
});
it.each([
  [["--receipts", "0"], "--receipts must be a whole number from 1 to 20000, got 0"],
  [["--receipts", "20001"], "--receipts must be a whole number from 1 to 20000, got 20001"],
  [["--receipts", "many"], "--receipts must be a whole number from 1 to 20000, got many"],
  [["--port", "65536"], "--port must be a whole number from 0 to 65535, got 65536"],
  [["--api-port=-1"], "--api-port must be a whole number from 0 to 65535, got -1"],
  [["--port", "8081"], "--port and --api-port must differ, got 8081"],
  [["--table", "a", "--receipts", "5"], "--receipts must be left out with --table"],
  [["--raw-bucket", "a"], "--raw-bucket and --site-bucket must be given together, and with --table"],
  [["--table", "a", "--site-bucket", "b"], "--raw-bucket and --site-bucket must be given together"],
  [["--site", "/no/such/folder"], "--site must be a folder with index.html, got /no/such/folder"],
  [["--environment", "nope"], "--environment must be the name of a file in environments/, such as dev, got nope"],
  [["--recipts", "5"], "--recipts"],
  [["5"], "'5'"],
])("refuses %j", async (args, text) => {
  const { status, said } = await run(args);
  expect([status, said.length]).toEqual([1, 1]);
  expect(said[0]).toMatch(/^portfolio:local: /);
  expect(said[0]).toContain(text);
});
it("starts website and API over samples, tells how to try them, and ends", async () => {
  const aws = await stubAws(() => ({ Count: 5 }));
  try {
    const env = { AWS_PROFILE: "somebody", AWS_REGION: "eu-west-2" };
    const use = async (lines: string[]) => {
      const [, apiUrl = ""] = /^API +(http:\S+)$/m.exec(lines.join("\n")) ?? [];
      expect(await (await fetch(`${apiUrl}/receipt_count`)).text()).toBe("5");
      expect(lines.find((line) => line.startsWith("try"))).toContain(`${apiUrl}/process`);
      const [, siteUrl = ""] = /^website +(http:\S+)$/m.exec(lines.join("\n")) ?? [];
      expect((await fetch(siteUrl)).status).toBe(200);
    };
    const { status, said } = await run(["--receipts", "8", ...ANY], { url: aws.url, env, use });
    expect(status).toBe(0);
    expect(said[0]).toBe("samples  32 items of 8 receipts in local-portfolio");
    expect(said[1]).toContain(`--endpoint-url ${aws.url} s3 ls s3://local-portfolio-raw`);
    expect(said).toContain("         POST /process");
    const [, apiUrl = ""] = /^API +(http:\S+)$/m.exec(said.join("\n")) ?? [];
    await expect(fetch(apiUrl)).rejects.toThrow();
  } finally {
    aws.stop();
  }
});
it("says how to get by a port that is taken", async () => {
  const aws = await stubAws();
  try {
    const { port } = new URL(aws.url);
    const { status, said } = await run(["--table", "mine", "--port", "0", "--api-port", port]);
    expect([status, said]).toEqual([
      1,
      [expect.stringMatching(/^portfolio:local: .*EADDRINUSE.*; name another by --port or --api-port, or 0 for any$/)],
    ]);
  } finally {
    aws.stop();
  }
});
it("uses a table that is there, makes nothing, and has no route for buckets that are not", async () => {
  const aws = await stubAws(() => ({ Count: 9 }));
  try {
    const env = {
      AWS_ENDPOINT_URL: aws.url,
      ...{ AWS_REGION: "eu-west-2", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
    };
    const use = async (lines: string[]) => {
      const [, apiUrl = ""] = /^API +(http:\S+)$/m.exec(lines.join("\n")) ?? [];
      expect(await (await fetch(`${apiUrl}/image_count`)).text()).toBe("9");
    };
    const { status, said } = await run(["--table", "mine", ...ANY], { env, use });
    expect(status).toBe(0);
    expect(said.join("\n")).not.toMatch(/samples|process/);
    expect(aws.calls.map(({ action }) => action)).toEqual(["DynamoDB_20120810.Query"]);
    expect(JSON.parse(aws.calls[0]?.body ?? "").TableName).toBe("mine");
  } finally {
    aws.stop();
  }
});
