import { readdirSync } from "node:fs";
import { join } from "node:path";
import { TerraformLocal, TerraformOutput } from "cdktf";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { renderUserData } from "../../modules/ml-ec2/user-data";
import type { UserDataInput } from "../../modules/ml-ec2/user-data-schema";
import { MAXIMAL, MINIMAL, TYPICAL } from "../modules/ml-ec2/user-data.fixture";
import { MetadataService } from "../support/metadata-service";
import { Moto } from "../support/moto";
import { type Ended, run } from "../support/process";
import { ScratchMachine } from "../support/scratch-machine";
import { synth } from "../support/synth";
import { Workspace } from "../support/terraform";

const RENDERED = "__tests__/modules/ml-ec2/rendered";
const INSTANCE = "i-0123456789abcdef0";
const COMPLETE = "/var/log/user-data-complete";
const FAILED = "/var/log/user-data-failed";

// CI runs as root and has to run these; for others, a machine of its own is more than they may make
const skipped = inject("missing") !== "" || (process.getuid?.() !== 0 && !process.env.CI);
if (skipped) console.warn("\nTHE USER DATA IS NOT RUN: it needs root, for mounts, and what npm run test:aws needs.\n");

describe.skipIf(skipped)("user data", () => {
  const venv = inject("motoEnvironment");
  let moto: Moto;
  let metadata: MetadataService;
  let secretArn: string;
  beforeAll(async () => {
    moto = await Moto.start();
    metadata = await MetadataService.start();
  });
  afterAll(async () => {
    await metadata?.stop();
    await moto?.stop();
  });

  const tool = (name: string, ...args: string[]) => run(join(venv, "bin", name), args, { env: moto.env });
  /** An AWS with these buckets and this token, and a machine in it on which nothing ran. */
  const freshMachine = async ({ buckets = [TYPICAL.datasetsBucket, TYPICAL.modelsBucket], token = TOKEN } = {}) => {
    await moto.reset();
    metadata.refused.length = 0;
    const { status, stdout, stderr } = await tool("python", "-c", SEED, token, ...buckets);
    expect(status, stderr).toBe(0);
    secretArn = stdout.trim();
    return new ScratchMachine({
      scratch: inject("scratch"),
      venv,
      env: { AWS_ENDPOINT_URL: moto.url, AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url, RETRY_SECONDS: "0" },
    });
  };
  /** What Terraform makes of the script, where names are references. */
  const evaluated = async (props: UserDataInput): Promise<string> => {
    const { parsed } = synth((stack) => {
      const later = (id: string, value: string) => new TerraformLocal(stack, id, value).asString;
      const value = renderUserData({
        ...props,
        datasetsBucket: later("datasets", props.datasetsBucket),
        modelsBucket: later("models", props.modelsBucket),
        jupyter: props.jupyter && { tokenSecretArn: later("secret", secretArn) },
        logGroup: later("group", props.logGroup),
      });
      new TerraformOutput(stack, "script", { staticId: true, value });
    });
    const workspace = await Workspace.of("user-data", { locals: parsed.locals, output: parsed.output });
    await workspace.apply();
    return (await workspace.outputs()).script?.value;
  };
  /** Values of UserDataFailed, over all machines and of this one. */
  const reported = async () => JSON.parse((await tool("python", "-c", METRICS)).stdout);
  const expectFailure = async (on: ScratchMachine, { status, stdout }: Ended, step: string, values: object) => {
    expect(status, stdout).toBeGreaterThan(0);
    expect(on.has(COMPLETE)).toBe(false);
    expect(on.read(FAILED)).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}Z failed with status \d+ in step: /);
    expect(on.read(FAILED)).toContain(`in step: ${step}\n`);
    expect(stdout).toContain(on.read(FAILED));
    expect(await reported()).toEqual(values);
  };

  it("passes shellcheck, and its programs compile", async () => {
    const scripts = readdirSync(RENDERED)
      .filter((file) => /^user-data-.*\.sh$/.test(file))
      .map((file) => join(RENDERED, file));
    expect(scripts).toHaveLength(3);
    const checked = await tool("shellcheck", ...scripts, "assets/ml-ec2/jupyter-token.sh");
    expect(checked).toMatchObject({ stdout: "", stderr: "", status: 0 });
    const compile = "import ast, sys\nfor file in sys.argv[1:]: ast.parse(open(file).read(), file)";
    const programs = ["test_s3_access.py", "jupyter_server_config.py"].map((file) => `assets/ml-ec2/${file}`);
    expect(await tool("python", "-c", compile, ...programs)).toMatchObject({ stderr: "", status: 0 });
  });

  describe("with every option", () => {
    let on: ScratchMachine;
    let script: string;
    let ended: Ended;
    beforeAll(async () => {
      on = await freshMachine();
      script = await evaluated(MAXIMAL);
      ended = await on.boot(
        script,
        "findmnt -rno TARGET,FSTYPE,LABEL /data; stat -c '%U %a' /data; findmnt -rno FSTYPE /mnt/shared; touch /data/kept",
      );
    });
    const unit = (name: string) => on.read(`/etc/systemd/system/${name}.service`).trimEnd().split("\n");
    const valueIn = (name: string, key: string) =>
      unit(name)
        .find((line) => line.startsWith(`${key}=`))
        ?.slice(key.length + 1) ?? "";

    it("completes and says so, with no call of the metadata service's version 1", async () => {
      expect(ended.status, ended.stdout).toBe(0);
      expect(on.read(COMPLETE)).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}Z\n$/);
      expect(on.has(FAILED)).toBe(false);
      expect(on.read("/var/log/user-data.log")).toBe(ended.stdout);
      expect(await reported()).toEqual({ all: [0], machine: [0] });
      expect(metadata.refused).toEqual([]);
    });
    it("reaches both buckets as the user of the machine, by the role's credentials", () => {
      expect(ended.stdout).toContain(`${MAXIMAL.datasetsBucket}: ok\n${MAXIMAL.modelsBucket}: ok\n`);
      expect(on.owned("/home/ec2-user/test_s3_access.py")).toBe("ec2-user 755");
    });
    it("asks the package managers for what it needs", () => {
      const called = (name: string) => on.calls.filter((call) => call.startsWith(`${name} `));
      expect(called("dnf").map((call) => call.split(" ")[2])).toEqual(["upgrade", "install"]);
      const installed = called("dnf")[1]?.split(" ");
      const wanted = [
        "python3.12",
        "amazon-cloudwatch-agent",
        "amazon-efs-utils",
        "e2fsprogs",
        "rsyslog",
        "git",
        "tmux",
      ];
      expect(installed).toEqual(expect.arrayContaining(wanted));
      expect(called("python3.12")).toEqual(["python3.12 -m venv /opt/ml"]);
      expect(called("pip")).toEqual([
        expect.stringMatching(
          /^pip install --no-cache-dir --constraint \/etc\/ml\/constraints\.txt boto3 .* tensorflow\[and-cuda\] jupyterlab tensorboard$/,
        ),
      ]);
    });
    it("hands the CloudWatch agent its configuration", () => {
      const file = "/etc/ml/cloudwatch-agent.json";
      expect(on.calls).toContain(`amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:${file}`);
      const { logs, metrics } = JSON.parse(on.read(file));
      expect(metrics.namespace).toBe("ml-demo/dev");
      expect(metrics.append_dimensions.InstanceId).toBe("$" + "{aws:InstanceId}");
      expect(metrics.metrics_collected.disk.resources).toEqual(["/", "/data"]);
      for (const { log_group_name } of logs.logs_collected.files.collect_list) {
        expect(log_group_name).toBe("/aws/ec2/ml-demo-dev-ml-training");
      }
    });
    it("starts Jupyter and TensorBoard on the loopback only, and at each boot", () => {
      expect(on.calls.filter((call) => call.startsWith("systemctl "))).toEqual([
        "systemctl enable --now rsyslog",
        "systemctl daemon-reload",
        "systemctl enable jupyter tensorboard",
        "systemctl restart jupyter tensorboard",
      ]);
      const jupyter = on.read("/home/ec2-user/.jupyter/jupyter_server_config.py");
      expect(jupyter).toContain('c.ServerApp.ip = "127.0.0.1"\nc.ServerApp.port = 8888\n');
      expect(valueIn("jupyter", "ExecStart")).toBe("/opt/ml/bin/jupyter lab");
      expect(valueIn("tensorboard", "ExecStart")).toBe(
        "/opt/ml/bin/tensorboard --logdir=/opt/ml/runs --host=127.0.0.1 --port=6006",
      );
      expect(on.owned("/opt/ml/runs")).toBe("ec2-user 755");
      for (const name of ["jupyter", "tensorboard"]) {
        expect(valueIn(name, "User")).toBe("ec2-user");
        expect(valueIn(name, "Restart")).toBe("always");
        expect(on.owned(`/etc/systemd/system/${name}.service`)).toBe("root 644");
      }
    });
    it("takes Jupyter's token from the secret when the service starts, into a file of its user's own", async () => {
      expect(on.read("/etc/ml/env")).toContain(`JUPYTER_SECRET_ARN=${secretArn}\n`);
      expect(script).not.toContain(TOKEN);
      const file = unit("jupyter")
        .find((line) => line.startsWith("Environment=JUPYTER_TOKEN_FILE="))
        ?.split("=")[2];
      const runtime = `/run/${valueIn("jupyter", "RuntimeDirectory")}`;
      expect(file).toBe(`${runtime}/token`);
      const before = await on.shell(startOf("jupyter", runtime));
      expect(before, before.stderr).toMatchObject({ status: 0, stdout: "" });
      expect(on.read(`${runtime}/token`)).toBe(TOKEN);
      expect(on.owned(`${runtime}/token`)).toBe("ec2-user 600");
      expect(on.owned(runtime)).toBe("ec2-user 700");
    });
    it("makes a file system on the empty volume and mounts it, and the shared files", () => {
      expect(ended.stderr).toContain("/data ext4 \nec2-user 755\ntmpfs\n"); // tmpfs: what the stand-in mounts
      const [system, data, shared, ...more] = on.read("/etc/fstab").trimEnd().split("\n");
      expect(system).toBe("# system");
      expect(data).toMatch(/^UUID=[0-9a-f-]{36} \/data auto defaults,nofail 0 2$/);
      expect(shared).toBe(
        "fs-0123456789abcdef0:/ /mnt/shared efs _netdev,nofail,tls,iam,accesspoint=fsap-0123456789abcdef0 0 0",
      );
      expect(more).toEqual([]);
      expect(on.calls.find((call) => call.startsWith("mount.efs"))).toMatch(
        /^mount\.efs fs-0123456789abcdef0:\/ \/mnt\/shared -o .*\btls,iam,accesspoint=fsap-0123456789abcdef0\b/,
      );
    });
    it("leaves a welcome notebook that knows two buckets, and a README", () => {
      const { cells } = JSON.parse(on.read("/home/ec2-user/notebooks/Welcome.ipynb"));
      const code = cells.flatMap((cell: { source: string[] }) => cell.source).join("");
      expect(code).toContain('for name in ("DATASETS_BUCKET", "MODELS_BUCKET"):');
      expect(code).not.toContain("list_buckets");
      expect(on.owned("/home/ec2-user/notebooks/Welcome.ipynb")).toBe("ec2-user 644");
      expect(on.owned("/home/ec2-user/README.md")).toBe("ec2-user 644");
      expect(on.read("/home/ec2-user/README.md")).toMatch(/portNumber=8888[\s\S]*6006/);
    });
    it("gives a login shell the machine's settings and Python", async () => {
      const { stdout } = await on.shell(
        '. /etc/profile.d/ml.sh; echo "$DATASETS_BUCKET $AWS_REGION $ML_WORKLOAD_TYPE"; command -v python',
      );
      expect(stdout).toBe("ml-demo-dev-datasets-1 us-east-1 notebook\n/opt/ml/bin/python\n");
    });
    it("changes nothing when it runs again", async () => {
      const fstab = on.read("/etc/fstab");
      const venvs = () => on.calls.filter((call) => call.startsWith("python3.12"));
      const again = await on.boot(script, "ls /data");
      expect(again.status, again.stdout).toBe(0);
      expect(on.read("/etc/fstab")).toBe(fstab);
      expect(again.stderr).toContain("kept\n");
      expect(venvs()).toHaveLength(1);
      expect(on.has(COMPLETE)).toBe(true);
    });
    it("lets no one in when the secret has no proper token", async () => {
      for (const token of ["fifteen-letters", " "]) {
        const other = await freshMachine({ token });
        const booted = await other.boot(await evaluated(TYPICAL), startOf("jupyter", "/run/jupyter"));
        expect(booted.status, booted.stdout).toBe(0);
        expect(booted.stderr).toContain("the secret holds no token of 16 characters or more");
        expect(other.has("/run/jupyter/token")).toBe(false);
      }
    });
  });

  it("without Jupyter and TensorBoard starts no service", async () => {
    const on = await freshMachine();
    const ended = await on.boot(await evaluated(MINIMAL));
    expect(ended.status, ended.stdout).toBe(0);
    expect(on.calls.filter((call) => call.startsWith("systemctl "))).toEqual(["systemctl enable --now rsyslog"]);
    expect(on.has("/etc/systemd/system")).toBe(false);
    expect(on.has("/home/ec2-user/notebooks")).toBe(false);
    expect(on.read("/home/ec2-user/README.md")).not.toMatch(/jupyter|tensorboard/i);
    expect(on.has(COMPLETE)).toBe(true);
  });

  describe("says that it failed", () => {
    it.each([
      ["packages", "dnf -y install"],
      ["logs and metrics", "amazon-cloudwatch-agent-ctl"],
      ["Python libraries", "pip install"],
      ["services: jupyter tensorboard", "systemctl restart"],
    ])("in the step %s", async (step, call) => {
      const on = await freshMachine();
      on.fail(call);
      await expectFailure(on, await on.boot(await evaluated(TYPICAL)), step, { all: [1], machine: [1] });
    });
    it("when a bucket is out of reach, and takes it back when a later run succeeds", async () => {
      const on = await freshMachine({ buckets: [TYPICAL.datasetsBucket] });
      const script = await evaluated(TYPICAL);
      const ended = await on.boot(script);
      await expectFailure(on, ended, "access to the buckets", { all: [1], machine: [1] });
      expect(ended.stdout).toMatch(/ml-demo-dev-models-1: .*404/);
      expect((await tool("python", "-c", SEED, TOKEN, TYPICAL.modelsBucket)).status).toBe(0);
      expect((await on.boot(script)).status).toBe(0);
      expect(on.has(COMPLETE)).toBe(true);
      expect(on.has(FAILED)).toBe(false);
    });
    it("when a volume holds partitions, which it leaves alone", async () => {
      const on = await freshMachine();
      const script = await evaluated({ ...TYPICAL, dataVolumes: MAXIMAL.dataVolumes });
      on.writeDisk(446 + 64, Buffer.from([0x55, 0xaa])); // the mark of an empty table
      const ended = await on.boot(script);
      await expectFailure(on, ended, "volume /dev/sdf at /data", { all: [1], machine: [1] });
      expect(ended.stdout).toContain("uuid: has partitions");
      expect(on.read("/etc/fstab")).toBe("# system\n");
    });
    it("without the instance's id when the metadata service does not answer", async () => {
      const on = await freshMachine();
      const script = await evaluated(TYPICAL);
      metadata.silent = true;
      const ended = await on.boot(script).finally(() => {
        metadata.silent = false;
      });
      await expectFailure(on, ended, "instance id", {});
    });
  });
});

const TOKEN = "a-token-that-nobody-guesses";

/** Fills the AWS of a test; prints the ARN of the secret. */
const SEED = `
import boto3, sys
session = boto3.Session(region_name="us-east-1")
for bucket in sys.argv[2:]:
    session.client("s3").create_bucket(Bucket=bucket)
secrets = session.client("secretsmanager")
known = [secret["ARN"] for secret in secrets.list_secrets()["SecretList"]]
print(known[0] if known else secrets.create_secret(Name="token", SecretString=sys.argv[1])["ARN"])
`;

/** Prints what was put as UserDataFailed: the values by their dimensions. */
const METRICS = `
import boto3, datetime, json
cloudwatch = boto3.client("cloudwatch", region_name="us-east-1")
now = datetime.datetime.now(datetime.timezone.utc)
day = datetime.timedelta(days=1)
found = {}
for name, dimensions in (("all", []), ("machine", [{"Name": "InstanceId", "Value": "${INSTANCE}"}])):
    metric = {"Namespace": "ml-demo/dev", "MetricName": "UserDataFailed", "Dimensions": dimensions}
    query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": 86400, "Stat": "Maximum"}}
    answer = cloudwatch.get_metric_data(MetricDataQueries=[query], StartTime=now - day, EndTime=now + day)
    if answer["MetricDataResults"][0]["Values"]:
        found[name] = answer["MetricDataResults"][0]["Values"]
print(json.dumps(found))
`;

/** What systemd does before a service starts: its folder, its environment, its user and its ExecStartPre. */
const startOf = (name: string, runtime: string) => `
value() { sed -n "s/^$1=//p" /etc/systemd/system/${name}.service | head -n 1; }
install -d -o "$(value User)" -g "$(value User)" -m "$(value RuntimeDirectoryMode)" ${runtime}
set -a; . "$(value EnvironmentFile)"; set +a
RUNTIME_DIRECTORY=${runtime} runuser -u "$(value User)" -- "$(value ExecStartPre)"`;
