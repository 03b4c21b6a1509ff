import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { machineUserData } from "../../modules/training/machine-user-data";
import { MACHINE } from "../modules/training/machine-user-data.fixture";
import { MetadataService } from "../support/metadata-service";
import { Moto } from "../support/moto";
import { type Ended, run } from "../support/process";
import { ScratchMachine } from "../support/scratch-machine";

const SCRIPT = machineUserData("dev", MACHINE).replaceAll("$${", "${").replaceAll("%%{", "%{");
const UNIT = "/etc/systemd/system/training-worker.service";
const COMPLETE = "/var/log/user-data-complete";
const FAILED = "/var/log/user-data-failed";

// CI runs as root and has to run these; for others, a machine of its own is more than they may make
const skipped = inject("missing") !== "" || (process.getuid?.() !== 0 && !process.env.CI);
if (skipped)
  console.warn("\nTHE TRAINING MACHINE IS NOT BOOTED: it needs root, for mounts, and what npm run test:aws needs.\n");

describe.skipIf(skipped)("a training machine", () => {
  let moto: Moto;
  let metadata: MetadataService;
  beforeAll(async () => {
    moto = await Moto.start();
    metadata = await MetadataService.start();
  });
  afterAll(async () => {
    await metadata?.stop();
    await moto?.stop();
  });

  const tool = (name: string, ...args: string[]) =>
    run(join(inject("motoEnvironment"), "bin", name), args, { env: moto.env });
  /** A machine on which nothing ran, with the wheels of these packages on the file system. */
  const freshMachine = async (...packages: string[]) => {
    await moto.reset();
    metadata.refused.length = 0;
    const on = new ScratchMachine({
      scratch: inject("scratch"),
      venv: inject("motoEnvironment"),
      env: { AWS_ENDPOINT_URL: moto.url, AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url, RETRY_SECONDS: "0" },
    });
    for (const name of packages) on.write(`/srv/efs/packages/${name}/current/${name}.whl`, "");
    return on;
  };
  /** Greatest value of UserDataFailed, over all machines. */
  const reported = async (): Promise<number> => Number((await tool("python", "-c", METRIC)).stdout);

  it("has a script that passes shellcheck", async () => {
    const checked = await tool("shellcheck", "__tests__/modules/training/rendered/training-machine.sh");
    expect(checked).toMatchObject({ stdout: "", stderr: "", status: 0 });
  });

  describe("that boots", () => {
    let on: ScratchMachine;
    let ended: Ended;
    beforeAll(async () => {
      on = await freshMachine("ml-training", "image-classes");
      ended = await on.boot(
        SCRIPT,
        "findmnt -rno TARGET /mnt/training /mnt/checkpoints; findmnt -rno TARGET /mnt/checkpoints",
      );
    });

    it("completes and says so, with no call of the metadata service's version 1", async () => {
      expect(ended.status, ended.stdout).toBe(0);
      expect(on.has(COMPLETE)).toBe(true);
      expect(on.has(FAILED)).toBe(false);
      expect(await reported()).toBe(0);
      expect(metadata.refused).toEqual([]);
    });
    it("mounts both folders through their access points, by TLS and with its role, and at each boot", () => {
      const mounts = on.calls.filter((call) => call.startsWith("mount.efs "));
      expect(mounts).toEqual([
        expect.stringMatching(
          /^mount\.efs fs-0123456789abcdef0:\/ \/mnt\/training .*tls,iam,accesspoint=fsap-0123456789abcdef0\b/,
        ),
        expect.stringMatching(
          /^mount\.efs fs-0123456789abcdef0:\/ \/mnt\/checkpoints .*tls,iam,accesspoint=fsap-1123456789abcdef0\b/,
        ),
      ]);
      expect(on.read("/etc/fstab").trimEnd().split("\n").slice(1)).toEqual([
        "fs-0123456789abcdef0:/ /mnt/training efs _netdev,nofail,tls,iam,accesspoint=fsap-0123456789abcdef0 0 0",
        "fs-0123456789abcdef0:/ /mnt/checkpoints efs _netdev,nofail,tls,iam,accesspoint=fsap-1123456789abcdef0 0 0",
      ]);
      expect(ended.stderr).toContain("/mnt/checkpoints");
    });
    it("installs the packages from the files alone, and no package index", () => {
      expect(on.calls.filter((call) => call.startsWith("python3.12 "))).toEqual(["python3.12 -m venv /opt/training"]);
      const from = ["ml-training", "image-classes"].map(
        (name) => `--find-links /mnt/training/packages/${name}/current`,
      );
      expect(on.calls.filter((call) => call.startsWith("pip "))).toEqual([
        `pip install --no-cache-dir --no-index ${from.join(" ")} ml-training image-classes`,
      ]);
    });
    it("starts the worker as a user of no rights, with its settings, and at each boot", () => {
      expect(JSON.parse(on.read("/etc/training/config.json"))).toEqual({
        environment: "dev",
        trainer: ["python", "-m", "trainer"],
      });
      expect(on.calls.filter((call) => call.startsWith("systemctl "))).toEqual([
        "systemctl enable --now rsyslog",
        "systemctl daemon-reload",
        "systemctl enable training-worker",
        "systemctl restart training-worker",
      ]);
      const unit = on.read(UNIT).split("\n");
      for (const line of [
        "User=ec2-user",
        "ExecStart=/opt/training/bin/training-worker",
        "Restart=on-failure",
        "RestartPreventExitStatus=2",
        "RequiresMountsFor=/mnt/training /mnt/checkpoints",
      ]) {
        expect(unit).toContain(line);
      }
      expect(on.read("/etc/ml/env")).toContain("AWS_REGION=us-west-2\n");
    });
    it("keeps its logs where those of jobs are", () => {
      const { logs, metrics } = JSON.parse(on.read("/etc/ml/cloudwatch-agent.json"));
      for (const { log_group_name } of logs.logs_collected.files.collect_list) {
        expect(log_group_name).toBe("/training/dev");
      }
      expect(metrics.namespace).toBe("dev-training");
    });
  });

  it.each([
    [
      "the files cannot be mounted",
      "mount.efs fs-0123456789abcdef0:/ /mnt/checkpoints",
      "shared files at /mnt/checkpoints",
    ],
    ["the packages cannot be installed", "pip install", "packages: ml-training image-classes"],
    ["the worker cannot be started", "systemctl restart", "services: training-worker"],
  ])("makes room for another, and says why, when %s", async (_, call, step) => {
    const on = await freshMachine("ml-training", "image-classes");
    on.fail(call);
    const ended = await on.boot(SCRIPT);
    expect(ended.status, ended.stdout).toBeGreaterThan(0);
    expect(on.read(FAILED)).toContain(`in step: ${step}\n`);
    expect(on.has(COMPLETE)).toBe(false);
    expect(on.calls.at(-1)).toBe("systemctl poweroff");
    expect(await reported()).toBe(1);
  });
  it("waits for the first build of a package, and makes room when there is none", async () => {
    const on = await freshMachine("ml-training");
    const ended = await on.boot(SCRIPT);
    expect(ended.stdout).toContain("try 20 failed: test -d /mnt/training/packages/image-classes/current/");
    expect(on.calls.at(-1)).toBe("systemctl poweroff");
  });
});

/** Prints the greatest value of UserDataFailed. */
const METRIC = `
import boto3, datetime
cloudwatch = boto3.client("cloudwatch", region_name="us-west-2")
now = datetime.datetime.now(datetime.timezone.utc)
day = datetime.timedelta(days=1)
metric = {"Namespace": "dev-training", "MetricName": "UserDataFailed"}
query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": 86400, "Stat": "Maximum"}}
answer = cloudwatch.get_metric_data(MetricDataQueries=[query], StartTime=now - day, EndTime=now + day)
print(answer["MetricDataResults"][0]["Values"][0])
`;
