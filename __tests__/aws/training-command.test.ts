import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { run } from "../support/process";
import { installTraining, TrainingPlatform } from "../support/training";

const SECONDS = 2026;

describe.skipIf(inject("missing") !== "")("train", () => {
  let platform: TrainingPlatform;
  let sent = "";
  beforeAll(async () => {
    platform = await TrainingPlatform.start(join(inject("scratch"), "command"), {
      pollSeconds: 0.2,
      leaseSeconds: 8,
      logGroup: "/training/dev",
      mostGpus: 4,
    });
  });
  afterAll(() => platform?.stop());

  const json = async (...args: string[]) => {
    const { status, stdout, stderr } = await platform.train(...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return JSON.parse(stdout);
  };
  const refused = async (...args: string[]) => {
    const { status, stdout, stderr } = await platform.train(...args);
    expect(stdout).toBe("");
    return [status, stderr.trim().split("\n").at(-1)];
  };

  it("has nothing to list at first", async () => {
    expect(await platform.train("list")).toMatchObject({ status: 0, stdout: "There are no jobs.\n" });
    expect(await json("list", "--json")).toEqual([]);
  });

  it("sends a job with its settings, and shows it", async () => {
    writeFileSync(join(platform.folder, "settings.json"), '{"steps": 1, "lr": 1.0}');
    const options = [
      "--settings",
      "settings.json",
      "--set",
      "steps=4",
      "--set",
      "seed=7",
      "--set",
      "name=x y",
      "--tag",
      "team=vision",
    ];
    const { stdout, status } = await platform.train("submit", "first", "--priority", "high", ...options);
    expect(status).toBe(0);
    sent = /^Sent job ([0-9a-f-]{36})\. `train show \1` shows how far it is\.\n$/.exec(stdout)?.[1] ?? stdout;
    expect(await json("show", sent, "--json")).toEqual({
      job_id: sent,
      name: "first",
      type: "training",
      priority: "high",
      created_at: expect.any(Number),
      max_attempts: 3,
      timeout_seconds: null,
      config: { steps: 4, lr: 1, seed: 7, name: "x y" },
      tags: { team: "vision" },
      dependencies: [],
      status: "pending",
      attempt_count: 0,
      started_at: null,
      completed_at: null,
      error_message: null,
      owner: null,
      checkpoint: null,
    });
    const shown = (await platform.train("show", sent)).stdout;
    expect(shown).toMatch(/^Status {6}pending$/m);
    expect(shown).toMatch(new RegExp(`^Created {5}${SECONDS}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC$`, "m"));
    expect(shown).toContain("team=vision");
  });

  it("sends a message with all fields and attributes, in a group of the job", async () => {
    const [queue] = platform.config.queues.filter(({ priority }: { priority: string }) => priority === "high");
    const asked = {
      QueueUrl: queue.url,
      MessageAttributeNames: ["All"],
      AttributeNames: ["All"],
      VisibilityTimeout: 0,
    };
    const { Messages } = await platform.aws("sqs", "receive_message", asked);
    expect(Object.keys(JSON.parse(Messages[0].Body)).sort()).toEqual([
      ...[
        "attempt_count",
        "completed_at",
        "config",
        "created_at",
        "dependencies",
        "error_message",
        "job_id",
        "max_attempts",
      ],
      ...["name", "priority", "started_at", "status", "tags", "timeout_seconds", "type"],
    ]);
    expect(Messages[0].Attributes).toMatchObject({ MessageGroupId: sent, MessageDeduplicationId: `${sent}.1` });
    expect(Messages[0].MessageAttributes).toMatchObject({
      JobId: { DataType: "String", StringValue: sent },
      JobType: { DataType: "String", StringValue: "training" },
      Priority: { DataType: "String", StringValue: "high" },
      Status: { DataType: "String", StringValue: "pending" },
      AttemptCount: { DataType: "Number", StringValue: "0" },
    });
  });

  it("cancels a job once", async () => {
    const job = await json("submit", "second", "--json");
    expect(await json("cancel", job.job_id, "--json")).toMatchObject({ status: "cancelled" });
    expect(await refused("cancel", job.job_id)).toEqual([
      2,
      `train: job ${job.job_id} has ended already: it cancelled`,
    ]);
    expect((await json("list", "--json", "--status", "cancelled")).map(({ name }: { name: string }) => name)).toEqual([
      "second",
    ]);
  });

  it("waits for a job, tells how far it is, and shows what its trainer printed", async () => {
    await platform.machine("i-0123456789abcdef0");
    const { status, stdout, stderr } = await platform.train("show", sent, "--wait", "--json");
    expect({ status, job: JSON.parse(stdout) }).toMatchObject({
      status: 0,
      job: { status: "succeeded", checkpoint: { step: 4 } },
    });
    expect(stderr.trim().split("\n").at(-1)).toBe(`${sent}: succeeded, step 4`);
    const logs = await platform.machines[0]?.worker.until("the output is kept", async () => {
      const { stdout: text } = await platform.train("logs", sent, "--follow");
      return text || undefined;
    });
    expect(logs).toBe("starts at step 0\n");
    expect(JSON.parse((await platform.train("logs", sent, "--json")).stdout)).toMatchObject({
      attempt: 1,
      text: "starts at step 0",
    });
  });

  it("ends with status 1 when the job did not succeed", async () => {
    const options = ["--max-attempts", "1", "--set", "steps=3", "--set", "seed=1", "--set", "fails_at=1", "--wait"];
    const { status, stdout } = await platform.train("submit", "third", ...options);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^Attempts {4}1 of 1$/m);
    expect(stdout).toContain("Last error:\nthe trainer ended with status 3");
    const { stdout: table } = await platform.train("list");
    const [head = "", ...rows] = table.trim().split("\n");
    expect(head.split(/ {2,}/)).toEqual(["JOB", "STATUS", "PRIORITY", "ATTEMPTS", "CREATED", "NAME"]);
    expect(rows.map((row) => row.split(/ {2,}/).filter((_, column) => [1, 3, 5].includes(column)))).toEqual(
      expect.arrayContaining([
        ["succeeded", "1/3", "first"],
        ["cancelled", "0/3", "second"],
        ["failed", "1/1", "third"],
      ]),
    );
  });

  it.each([
    [["show", "none"], "train: there is no job none in dev; `train list` shows the jobs"],
    [["submit", "a", "--depends-on", "none"], "train: there is no job none in dev; `train list` shows the jobs"],
    [["submit", "a", "--set", "gpus=5"], "train: gpus must be at most 4, as no machine of dev has more, got 5"],
    [["submit", ""], "train: name must be a text of 1 to 200 printable characters, got ''"],
    [["submit", "\u001b[2J"], "train: name must be a text of 1 to 200 printable characters, got '\\x1b[2J'"],
    [["submit", "a", "--tag", "b=\u0007"], "train: tags must have printable characters only, got {'b': '\\x07'}"],
    [["submit", "a", "--max-attempts", "101"], "train: max_attempts must be a whole number of 1 to 100, got 101"],
    [["submit", "a", "--set", "x"], "train submit: error: argument --set: must be NAME=VALUE, got 'x'"],
    [
      ["submit", "a", "--timeout", "0"],
      "train submit: error: argument --timeout: must be a whole number of at least 1, got '0'",
    ],
    [
      ["submit", "a", "--settings", "none.json"],
      "train: --settings none.json: [Errno 2] No such file or directory: 'none.json'",
    ],
    [["submit", "a", "--settings", "list.json"], "train: --settings list.json: must hold an object, got list"],
  ])("refuses %j with one sentence", async (args, message) => {
    writeFileSync(join(platform.folder, "list.json"), "[]");
    expect(await refused(...args)).toEqual([2, message]);
  });

  it("finds its settings in SSM by the name of the environment, and says what is missing there", async () => {
    const python = await installTraining();
    const env = {
      PATH: process.env.PATH,
      PYTHONPATH: join(process.cwd(), "assets", "training", "src"),
      AWS_DEFAULT_REGION: "us-east-1",
      ...platform.moto.env,
    };
    const list = (...args: string[]) =>
      run(python, ["-B", "-m", "ml_training.cli", ...args, "list", "--json"], { env });
    expect(await list()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("name the environment: --environment NAME"),
    });
    expect(await list("--environment", "dev")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /there is no SSM parameter \/dev\/training\/config in us-east-1; name the environment/,
      ),
    });
    const put = (Value: string) =>
      platform.aws("ssm", "put_parameter", { Name: "/dev/training/config", Type: "String", Value, Overwrite: true });
    await put(JSON.stringify({ ...platform.config, leaseSeconds: 1, tabel: "x", queues: [] }));
    expect((await list("--environment", "dev")).stderr).toBe(
      "train: SSM parameter /dev/training/config: tabel is not a setting; queues must be a list of {priority, url}, " +
        "the first one is asked first; leaseSeconds must be at least 8, got 1\n",
    );
    await put(JSON.stringify(platform.config));
    const { status, stdout } = await list("--environment", "dev");
    expect([status, JSON.parse(stdout).length]).toEqual([0, 3]);
  });

  it("lists the other jobs beside one whose record is damaged", async () => {
    await platform.ask("damage", sent, { created_at: null });
    const { status, stdout, stderr } = await platform.train("list", "--json");
    expect([status, JSON.parse(stdout).length]).toEqual([0, 2]);
    expect(stderr).toBe(`train: JOB#${sent}: its record is damaged: KeyError: 'created_at'\n`);
  });
});
