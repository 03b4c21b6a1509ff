import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CreateSubnetCommand, CreateVpcCommand, EC2Client, ModifyVpcAttributeCommand } from "@aws-sdk/client-ec2";
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTasksCommand,
  PutAccountSettingCommand,
} from "@aws-sdk/client-ecs";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { DaskCluster } from "../../modules/dask/dask-cluster";
import { installPython } from "../../tools/policy/python-tools";
import { actionOf, allows, callsIn, requestsOf } from "../support/aws-calls";
import { ChildProgram } from "../support/child-program";
import { Moto } from "../support/moto";
import { type Ended, run } from "../support/process";
import type { Json } from "../support/synth";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { forMoto } from "../support/terraform-json";
import { onAws } from "./stacks.fixture";

const REGION = "us-east-1";
const NAME = "test-dask";
const DRIVER = "DASKDRIVER";
/** Actions that no call shows, and why the policy has them. */
const IMPLIED: Record<string, string> = {
  "iam:PassRole": "ECS asks for it when a definition or a task names a role",
  "ecs:TagResource": "ECS asks for it when something is made with tags",
};

onAws("Dask on Fargate", () => {
  const scratch = () => inject("scratch");
  let moto: Moto;
  let ecs: ECSClient;
  let calls: string;
  let network: { vpcId: string; privateSubnetIds: string[] };
  let outputs: Record<string, Json>;
  let fargate: ChildProgram;
  let driver: Ended;
  let facts: Json;

  beforeAll(async () => {
    const python = join(await installPython("requirements-dask.txt", ".venv-dask"), "bin", "python");
    calls = join(mkdtempSync(join(scratch(), "dask-")), "calls");
    moto = await Moto.start({ calls });
    const client = {
      region: REGION,
      endpoint: moto.url,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    };
    ecs = new ECSClient(client);
    network = await makeNetwork(new EC2Client(client));
    await ecs.send(new PutAccountSettingCommand({ name: "taskLongArnFormat", value: "enabled" }));
    await moto.holdTasks();
    outputs = await applied(moto, network);

    const tasks = join(calls, "..", "tasks");
    mkdirSync(tasks);
    const env = { ...plainEnv(), ...moto.env, AWS_DEFAULT_REGION: REGION };
    const support = resolve("__tests__", "support", "python");
    fargate = new ChildProgram("fargate", python, [join(support, "fargate.py"), tasks, NAME], { env, cwd: tasks });
    driver = await run(python, [join(support, "dask_driver.py"), outputs.uri, tasks], {
      env: {
        ...env,
        PYTHONDONTWRITEBYTECODE: "1",
        AWS_ACCESS_KEY_ID: DRIVER,
        PYTHONPATH: resolve("assets", "dask", "client"),
      },
      timeoutMs: 400_000,
    });
    const told = driver.stdout.split("\n").filter((line) => line.startsWith("{"));
    facts = Object.assign({}, ...told.map((line) => JSON.parse(line)));
  });
  afterAll(async () => {
    await fargate?.kill();
    await moto?.stop();
  });

  const made = () => callsIn(calls).filter(({ key }) => key === DRIVER);
  const runs = () => made().filter(({ action }) => action === "RunTask");

  it("starts by the helper and our configuration alone, computes, and ends", () => {
    expect([driver.status, facts.closed], `${driver.stderr}\n${fargate.output}`).toEqual([0, true]);
    expect(facts.started).toBe(2);
  });
  it("sums a hundred million numbers right", () => {
    expect(facts.sum).toBe(4_999_999_950_000_000);
  });
  it("does the work of a worker that was killed again", () => {
    expect(facts.squares).toBe(true);
    expect(facts.again).toBeGreaterThan(0);
  });
  it("scales up and down by itself", () => {
    expect(facts.adapted).toEqual([3, 1]);
  });
  it("leaves no task behind", async () => {
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: NAME, desiredStatus: "RUNNING" }));
    expect(taskArns).toEqual([]);
  });
  it("runs tasks in our subnets and group, without a public address, tagged for the sweeper", () => {
    expect(runs().length).toBeGreaterThanOrEqual(5); // a scheduler, two workers, and those that adapt adds
    for (const { input } of runs()) {
      expect(input).toMatchObject({
        cluster: outputs.cluster,
        platformVersion: "1.4.0",
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: network.privateSubnetIds,
            securityGroups: [outputs.group],
            assignPublicIp: "DISABLED",
          },
        },
      });
      expect(input.tags).toContainEqual({ key: "DaskCluster", value: NAME });
    }
  });
  it("registers definitions with our roles, image, sizes and log group", async () => {
    const families = made().filter(({ action }) => action === "RegisterTaskDefinition");
    expect(families.map(({ input }) => input.family)).toEqual(["dask-train-1-scheduler", "dask-train-1-worker"]);
    for (const { input } of families) {
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: input.family }));
      expect(taskDefinition).toMatchObject({ executionRoleArn: outputs.executionRole, taskRoleArn: outputs.taskRole });
      const [container] = taskDefinition?.containerDefinitions ?? [];
      expect(container).toMatchObject({
        image: "ghcr.io/dask/dask:2026.3.0",
        logConfiguration: { options: { "awslogs-group": `/ecs/${NAME}`, "awslogs-region": REGION } },
      });
    }
    expect(families[1]?.input).toMatchObject({ cpu: "1024", memory: "2048" });
  });
  it("calls nothing that the client policy does not allow", () => {
    const statements = JSON.parse(outputs.policy).Statement;
    const refused = made()
      .flatMap((call) => requestsOf(call))
      .filter((request) => !allows(statements, request));
    expect(refused).toEqual([]);
    const elsewhere = { action: "ecs:RunTask", resource: `${ACCOUNT}:task-definition/dask-x-worker:1` };
    expect(allows(statements, { ...elsewhere, context: { "ecs:cluster": `${ACCOUNT}:cluster/other` } })).toBe(false);
  });
  it("needs every action of the client policy", () => {
    const called = new Set(made().map(actionOf));
    const allowed: string[] = JSON.parse(outputs.policy).Statement.flatMap(({ Action }: Json) => Action);
    expect(allowed.filter((action) => !called.has(action)).sort()).toEqual(Object.keys(IMPLIED).sort());
    expect([...called].filter((action) => !allowed.includes(action))).toEqual([]);
  });
  it("starts commands that the version of the default image has, and that the helper pins", async () => {
    const script =
      "import importlib.metadata as m, json; d = m.distribution('distributed'); " +
      "print(json.dumps([d.version, [e.name for e in d.entry_points if e.group == 'console_scripts']]))";
    const { stdout } = await run(join(".venv-dask", "bin", "python"), ["-c", script]);
    const [version, scripts] = JSON.parse(stdout);
    const started = runs().map(({ input }) => input.overrides.containerOverrides[0].command[0]);
    expect(new Set(started)).toEqual(new Set(["dask-scheduler", "dask-worker"]));
    expect(scripts).toEqual(expect.arrayContaining(started));
    expect(outputs.image).toBe(`ghcr.io/dask/dask:${version}`);
  });
});

const ACCOUNT = `arn:aws:ecs:${REGION}:123456789012`;

async function makeNetwork(ec2: EC2Client) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const vpcId = Vpc?.VpcId ?? "";
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsHostnames: { Value: true } }));
  const privateSubnetIds: string[] = [];
  for (const [CidrBlock, zone] of [
    ["10.0.2.0/24", "a"],
    ["10.0.3.0/24", "b"],
  ]) {
    const wanted = { VpcId: vpcId, CidrBlock, AvailabilityZone: `${REGION}${zone}` };
    const { Subnet } = await ec2.send(new CreateSubnetCommand(wanted));
    privateSubnetIds.push(Subnet?.SubnetId ?? "");
  }
  return { vpcId, privateSubnetIds };
}

/** Applies the layer on the network; its files lie in a bucket that plain HTTP reaches too. */
async function applied(moto: Moto, network: { vpcId: string; privateSubnetIds: string[] }) {
  const app = Testing.app({ outdir: mkdtempSync(join(inject("scratch"), "dask-out-")) });
  const stack = new TerraformStack(app, "dask");
  new AwsProvider(stack, "aws", { region: REGION });
  const bucket = new S3Bucket(stack, "files", { bucket: "dask-files" });
  const dask = new DaskCluster(stack, "dask", {
    name: NAME,
    network,
    filesBucket: { bucketName: bucket.bucket, bucketArn: bucket.arn },
    workers: { cpu: 1024, memory: 2048 },
  });
  const values = {
    uri: dask.files?.configUri,
    cluster: dask.clusterArn,
    group: dask.securityGroupId,
    executionRole: dask.executionRoleArn,
    taskRole: dask.taskRoleArn,
    image: dask.image,
  };
  for (const [name, value] of Object.entries(values)) new TerraformOutput(stack, name, { value, staticId: true });
  app.synth();
  const folder = join(app.outdir, "stacks", "dask");
  const json: Json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  json.terraform = { required_providers: { aws: AWS_PROVIDER } };
  const workspace = await Workspace.of("dask", forMoto(json), { source: folder, env: moto.env });
  await workspace.apply();
  const told = Object.entries(await workspace.outputs()).map(([name, { value }]) => [name, value]);
  const { resources } = JSON.parse(readFileSync(workspace.stateFile, "utf8"));
  const [clients] = resources.filter(({ type }: Json) => type === "aws_iam_policy");
  return { ...Object.fromEntries(told), policy: clients.instances[0].attributes.policy };
}

/** The caller's environment without his own settings for AWS and Dask. */
const plainEnv = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(AWS_|DASK_|PYTHON)/.test(entry[0]),
    ),
  );
