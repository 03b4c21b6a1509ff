import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  PutAccountSettingCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { EcsCluster } from "../../modules/aws/ecs/ecs-cluster";
import { DaskCluster } from "../../modules/dask/dask-cluster";
import { PrefectWorkers } from "../../modules/prefect/prefect-workers";
import { actionOf, allows, callsIn, type Request, requestsOf } from "../support/aws-calls";
import { AwsShell } from "../support/aws-shell";
import { ChildProgram } from "../support/child-program";
import { freePorts } from "../support/free-ports";
import { Moto } from "../support/moto";
import { Prefect, PrefectServerProgram } from "../support/prefect";
import { run } from "../support/process";
import type { Json } from "../support/synth";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { forMoto, type Lack, without } from "../support/terraform-json";
import { withoutWhatMotoLacks } from "./moto-lacks";
import { onAws } from "./stacks.fixture";

const REGION = "us-east-1";
const NAME = "test-prefect";
const POOL = "dev";
const QUEUE = "urgent";
const WORKER = "PREFECTWORKER";
const DASK = "test-prefect-dask";
const PYTHON = resolve("__tests__", "support", "python");
const ACCOUNT = `arn:aws:ecs:${REGION}:123456789012`;
/** Actions that no call shows, and why the policy has them. */
const IMPLIED: Record<string, string> = {
  "ecs:TagResource": "ECS asks for it when a task is made with tags",
  "iam:PassRole": "ECS asks for it when a definition or a task names a role",
  "sqs:ChangeMessageVisibility": "the worker hides an event for longer once it has handled it for four minutes",
};

onAws("Prefect's workers", () => {
  let moto: Moto;
  let ecs: ECSClient;
  let calls: string;
  let prefect: Prefect;
  let server: PrefectServerProgram;
  let worker: ChildProgram;
  let outputs: Record<string, Json>;
  let healthPort: number;

  beforeAll(async () => {
    const scratch = mkdtempSync(join(inject("scratch"), "prefect-workers-"));
    prefect = await Prefect.in(scratch);
    calls = join(scratch, "calls");
    moto = await Moto.start({ calls });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    ecs = new ECSClient({ region: REGION, endpoint: moto.url, credentials });
    await moto.holdTasks();
    await ecs.send(new PutAccountSettingCommand({ name: "taskLongArnFormat", value: "enabled" }));
    const [port = 0, free = 0] = await freePorts(2);
    healthPort = free;
    [server, outputs] = await Promise.all([
      PrefectServerProgram.start(prefect, { PREFECT_SERVER_API_PORT: String(port) }),
      applied(moto, `http://127.0.0.1:${port}/api`),
    ]);
    worker = await startWorker();
  });
  afterAll(async () => {
    await worker?.kill();
    await server?.program.kill();
    await moto?.stop();
  });

  /** Runs what the definition of the worker's task says, with its environment, as ECS would. */
  async function startWorker(): Promise<ChildProgram> {
    const { command = [], environment = [] } = await containerOf(`${NAME}-dev`);
    const own = Object.fromEntries(environment.map(({ name = "", value = "" }) => [name, value]));
    return prefect.start("worker", command, {
      ...own,
      ...moto.env,
      AWS_ACCESS_KEY_ID: WORKER,
      PREFECT_WORKER_WEBSERVER_PORT: String(healthPort),
      PREFECT_WORKER_QUERY_SECONDS: "2",
    });
  }
  async function containerOf(taskDefinition: string) {
    const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    const [container] = found?.containerDefinitions ?? [];
    if (!container) throw new Error(`${taskDefinition} has no container`);
    return container;
  }
  const aws = async (...args: string[]): Promise<Json> => {
    const program = join(inject("motoEnvironment"), "bin", "aws");
    const env = { PATH: process.env.PATH, ...moto.env, AWS_DEFAULT_REGION: REGION };
    const { status, stdout, stderr } = await run(program, [...args, "--endpoint-url", moto.url, "--output", "json"], {
      env,
    });
    if (status !== 0) throw new Error(`aws ${args.join(" ")}:\n${stderr}`);
    return stdout.trim() === "" ? {} : JSON.parse(stdout);
  };
  const made = () => callsIn(calls).filter(({ key }) => key === WORKER);
  const runsOf = () => made().filter(({ action }) => action === "RunTask");

  async function deployment(name: string, more: object = {}): Promise<string> {
    const { id: flow_id } = await server.ask("/flows/", { name });
    const { id } = await server.ask("/deployments/", {
      name: "deployment",
      flow_id,
      work_pool_name: POOL,
      work_queue_name: QUEUE,
      entrypoint: "flow.py:flow",
      ...more,
    });
    return id;
  }
  /** Starts a run, and waits for its task. */
  async function flowRun(
    deploymentId: string,
    parameters = {},
  ): Promise<{ id: string; taskArn: string; request: Json }> {
    const before = runsOf().length;
    const { id } = await server.ask(`/deployments/${deploymentId}/create_flow_run`, { parameters });
    const request = await worker.until("starts a task", () => runsOf()[before]?.input);
    const taskArn = await worker.until("tells the server of the task", async () => {
      const { infrastructure_pid } = await server.ask(`/flow_runs/${id}`);
      return infrastructure_pid?.split("::")[1];
    });
    return { id, taskArn, request };
  }
  const stateOf = async (id: string) => (await server.ask(`/flow_runs/${id}`)).state;

  /** Tells EventBridge what ECS would. */
  async function taskEvent(taskArn: string, detail: Json, source = "aws.ecs"): Promise<void> {
    const { tasks: [task] = [] } = await ecs.send(
      new DescribeTasksCommand({ cluster: outputs.cluster, tasks: [taskArn], include: ["TAGS"] }),
    );
    const entry = {
      Source: source,
      DetailType: "ECS Task State Change",
      Detail: JSON.stringify({
        clusterArn: outputs.cluster,
        taskArn,
        taskDefinitionArn: task?.taskDefinitionArn,
        ...detail,
      }),
    };
    const file = join(mkdtempSync(join(inject("scratch"), "event-")), "entries.json");
    writeFileSync(file, JSON.stringify([entry]));
    const { FailedEntryCount } = await aws("events", "put-events", "--entries", `file://${file}`);
    expect(FailedEntryCount).toBe(0);
  }
  async function waiting(): Promise<number> {
    const { QueueUrl } = await aws("sqs", "get-queue-url", "--queue-name", outputs.queue);
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
    const url = QueueUrl.replace(/^https?:\/\/[^/]+/, moto.url);
    const { Attributes } = await aws("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", ...names);
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  it("wait for their pool, and are well meanwhile", async () => {
    await worker.until("waits", () => worker.output.includes(`Work pool '${POOL}' not found`) || undefined, 240_000);
    const healthy = await fetch(`http://127.0.0.1:${healthPort}/health`);
    expect(healthy.status).toBe(200);
  });
  it("get their pool, with our template and the queue, by the command of the layer", async () => {
    const folder = mkdtempSync(join(inject("scratch"), "command-"));
    writeFileSync(join(folder, "prefect"), `#!/bin/sh\nexec ${prefect.python} -m prefect "$@"\n`, { mode: 0o755 });
    const template = join(folder, `${POOL}.json`);
    writeFileSync(template, outputs.template);
    const command = outputs.command.replace(/^terraform output[^&]* && /, "");
    expect(command).not.toBe(outputs.command);
    for (const _ of ["first", "again"]) {
      const { status, stdout, stderr } = await run("sh", ["-c", command], {
        cwd: folder,
        env: {
          ...prefect.environment({ PREFECT_API_URL: server.apiUrl }),
          PATH: `${folder}:${process.env.PATH}`,
        },
      });
      expect(status, `${stdout}\n${stderr}`).toBe(0);
    }
    const pool = await server.ask(`/work_pools/${POOL}`);
    expect(pool).toMatchObject({ type: "ecs", base_job_template: JSON.parse(outputs.template) });
    const queues: Json[] = await server.ask(`/work_pools/${POOL}/queues/filter`, {});
    expect(queues.map(({ name }) => name).sort()).toEqual(["default", QUEUE]);
  });
  it("the template is what the library's own model takes", async () => {
    const program = `
import json, sys
from prefect_aws.workers.ecs_worker import ECSWorker, ECSJobConfiguration, ECSVariables
from prefect.utilities.templating import find_placeholders
template = json.loads(${JSON.stringify(outputs.template)})
ours = template["variables"]["properties"]
theirs = ECSWorker.get_default_base_job_template()
ECSVariables(**{key: value["default"] for key, value in ours.items() if "default" in value})
print(json.dumps({
  "unknown variables": sorted(set(ours) - set(theirs["variables"]["properties"])),
  "unknown settings": sorted(set(template["job_configuration"]) - set(ECSJobConfiguration.model_fields)),
  "without a variable": sorted({p.name for p in find_placeholders(template["job_configuration"])} - set(ours)),
  "unused": sorted(set(ours) - {p.name for p in find_placeholders(template["job_configuration"])}),
  "not ours": sorted(set(theirs["variables"]["properties"]) - set(ours)),
}))
`;
    expect(JSON.parse(await prefect.run(program, {}))).toEqual({
      "unknown variables": [],
      "unknown settings": [],
      "without a variable": [],
      unused: [],
      // a definition or a family of the user's own would leave what the worker may run; credentials come from the task's role
      "not ours": ["aws_credentials", "container_name", "family", "task_definition_arn"],
    });
  });

  let deploymentId: string;
  it("make a task of each flow run: in our subnets and group, with our roles, tags and definition", async () => {
    deploymentId = await deployment("flow");
    const { id, taskArn, request } = await flowRun(deploymentId);
    expect(request).toMatchObject({
      cluster: outputs.cluster,
      launchType: "FARGATE",
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: outputs.subnets,
          securityGroups: [outputs.group],
          assignPublicIp: "DISABLED",
        },
      },
      overrides: { taskRoleArn: outputs.flowRole, cpu: "1024", memory: "2048" },
    });
    const tags = Object.fromEntries(request.tags.map(({ key, value }: Json) => [key, value]));
    expect(tags).toMatchObject({ Owner: "data-team", "prefect.io/flow-run-id": id, "prefect.io/work-pool-name": POOL });
    const [container] = request.overrides.containerOverrides;
    expect(container.command).toEqual(["prefect", "flow-run", "execute"]);
    expect(container.environment).toContainEqual({ name: "PREFECT_API_URL", value: server.apiUrl });
    expect(container.environment).toContainEqual({ name: "TEAM", value: "data" });
    const { tasks: [task] = [] } = await ecs.send(
      new DescribeTasksCommand({ cluster: outputs.cluster, tasks: [taskArn] }),
    );
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: task?.taskDefinitionArn }),
    );
    expect(taskDefinition).toMatchObject({
      family: `prefect_${POOL}_${deploymentId}`,
      executionRoleArn: outputs.executionRole,
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "1024",
      memory: "2048",
    });
    const [definition] = taskDefinition?.containerDefinitions ?? [];
    expect(definition).toMatchObject({
      name: "prefect",
      image: "docker.io/prefecthq/prefect:3.9.1-python3.12",
      logConfiguration: { options: { "awslogs-group": `/ecs/${NAME}`, "awslogs-create-group": "false" } },
    });
    expect(definition).not.toHaveProperty("secrets"); // a server that asks for nothing needs none
  });
  it("use a definition again", async () => {
    await flowRun(deploymentId);
    expect(made().filter(({ action }) => action === "RegisterTaskDefinition")).toHaveLength(1);
  });
  it("learn of a task that fails, call its run crashed, and delete the event", async () => {
    const { id, taskArn } = await flowRun(deploymentId);
    await taskEvent(taskArn, { lastStatus: "STOPPED", containers: [{ name: "prefect", exitCode: 0 }] }, "not.ecs");
    await taskEvent(taskArn, {
      lastStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      containers: [{ name: "prefect", exitCode: 137, lastStatus: "STOPPED" }],
    });
    const crashed = await worker.until("learns of the crash", async () => {
      const state = await stateOf(id);
      return state.type === "CRASHED" ? state : undefined;
    });
    expect(crashed.message).toContain("non-zero exit code");
    await worker.until("deletes the event", async () => ((await waiting()) === 0 ? true : undefined));
    expect(made().filter(({ action }) => action === "DeleteMessage")).toHaveLength(1); // the other was no event of ECS
  });
  it("stop a task by its name, as they do for a run that is cancelled while its task is made", async () => {
    const { taskArn } = await flowRun(deploymentId);
    const program = `
import asyncio
from prefect_aws.workers.ecs_worker import ECSJobConfiguration, ECSWorker
configuration = ECSJobConfiguration(task_definition={"containerDefinitions": [{"name": "prefect"}]})
worker = ECSWorker(work_pool_name="${POOL}")
asyncio.run(worker.kill_infrastructure("${outputs.cluster}::${taskArn}", configuration))
`;
    const aws = { ...moto.env, AWS_ACCESS_KEY_ID: WORKER, AWS_DEFAULT_REGION: REGION };
    await prefect.run(program, { ...aws, PREFECT_API_URL: server.apiUrl });
    const [stopped] = made().filter(({ action }) => action === "StopTask");
    expect(stopped?.input).toMatchObject({ task: taskArn, reason: "Stopped by Prefect worker" });
  });

  describe("a flow whose task starts a Dask cluster", () => {
    let fargate: ChildProgram;
    let run: { id: string; taskArn: string };
    const role = () => outputs.flowRole.split("/").pop();
    const called = () => callsIn(calls).filter(({ key }) => key === role());
    const running = async (cluster: string) =>
      (await ecs.send(new ListTasksCommand({ cluster, desiredStatus: "RUNNING" }))).taskArns ?? [];

    beforeAll(async () => {
      for (const task of await running(NAME)) await ecs.send(new StopTaskCommand({ cluster: NAME, task })); // of runs before
      const tasks = mkdtempSync(join(inject("scratch"), "tasks-"));
      const env = prefect.environment({
        ...moto.env,
        AWS_DEFAULT_REGION: REGION,
        PYTHONDONTWRITEBYTECODE: "1",
        PYTHONPATH: resolve("assets", "dask", "client"), // as the flow's image has it installed
      });
      fargate = new ChildProgram("fargate", prefect.python, [join(PYTHON, "fargate.py"), tasks, NAME, DASK], {
        env,
        cwd: tasks,
      });
      const id = await deployment("sum", {
        entrypoint: "dask_flow.py:sum_up",
        pull_steps: [{ "prefect.deployments.steps.set_working_directory": { directory: PYTHON } }],
      });
      run = await flowRun(id, { numbers: 10_000_000, bucket: "prefect-output" });
    });
    afterAll(async () => {
      await fargate?.kill();
    });

    it("gets its result", async () => {
      const ended = await fargate.until("ends", async () => {
        const state = await stateOf(run.id);
        return ["COMPLETED", "FAILED", "CRASHED"].includes(state.type) ? state : undefined;
      });
      expect(ended).toMatchObject({ type: "COMPLETED" });
      expect(await aws("s3", "cp", "s3://prefect-output/sum", "-")).toBe(49_999_995_000_000);
    });
    it("ends with its task and those of Dask, which ran in Dask's subnets and group", async () => {
      const { tasks: [task] = [] } = await fargate.until("ends its task", async () => {
        const found = await ecs.send(new DescribeTasksCommand({ cluster: NAME, tasks: [run.taskArn] }));
        return found.tasks?.[0]?.lastStatus === "STOPPED" ? found : undefined;
      });
      expect(task?.stoppedReason).toBe("Essential container in task exited with 0");
      expect(await running(DASK)).toEqual([]);
      const started = called().filter(({ action }) => action === "RunTask");
      expect(started).toHaveLength(3); // a scheduler and two workers
      for (const { input } of started) {
        expect(input).toMatchObject({
          cluster: outputs.daskCluster,
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: outputs.subnets,
              securityGroups: [outputs.daskGroup],
              assignPublicIp: "DISABLED",
            },
          },
        });
      }
    });
    it("calls nothing that the role of its pool does not allow", () => {
      const statements = statementsOf(role());
      const refused = called()
        .flatMap((call) => requestsOf(call))
        .filter((request) => !allows(statements, request));
      expect(refused).toEqual([]);
      expect(new Set(called().map(actionOf))).toContain("s3:PutObject");
    });
  });

  it("call nothing that their policy does not allow", () => {
    const { Statement } = JSON.parse(outputs.policy);
    const refused = made()
      .flatMap((call) => requestsOf(call, othersOf(outputs)))
      .filter((request) => !allows(Statement, request));
    expect(refused).toEqual([]);
    const elsewhere = { action: "ecs:RunTask", context: { "ecs:cluster": outputs.cluster } };
    expect(allows(Statement, { ...elsewhere, resource: `${ACCOUNT}:task-definition/prefect_prod_x:1` })).toBe(false);
  });
  it("need every action of their policy", () => {
    const called = new Set(made().map(actionOf));
    const allowed: string[] = JSON.parse(outputs.policy).Statement.flatMap(({ Action }: Json) => Action);
    expect(allowed.filter((action) => !called.has(action)).sort()).toEqual(Object.keys(IMPLIED).sort());
    expect([...called].filter((action) => !allowed.includes(action))).toEqual([]);
  });
  it("plan nothing more", async () => {
    expect(await workspace.plan()).toEqual([]);
  });
});

/** What IAM would be asked for calls of other services than ECS. */
const othersOf =
  ({ queueArn }: Record<string, Json>) =>
  (action: string, input: Json): Request[] | undefined => {
    if (action === "ec2:DescribeSubnets" || action === "ec2:DescribeVpcs") {
      return [{ action, resource: "*", context: { "aws:RequestedRegion": REGION } }];
    }
    if (action === "logs:GetLogEvents") {
      const group = `arn:aws:logs:${REGION}:123456789012:log-group:${input.logGroupName}`;
      return [{ action, resource: `${group}:log-stream:${input.logStreamName}`, context: {} }];
    }
    return action.startsWith("sqs:") ? [{ action, resource: queueArn, context: {} }] : undefined;
  };

let workspace: Workspace;

/** Applies Dask's layer and two workers of one cluster, on a network of their own. */
async function applied(moto: Moto, url: string): Promise<Record<string, Json>> {
  const app = Testing.app({ outdir: mkdtempSync(join(inject("scratch"), "prefect-out-")) });
  const stack = new TerraformStack(app, "prefect");
  new AwsProvider(stack, "aws", { region: REGION });
  const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
  const subnetIds = ["a", "b"].map(
    (zone, i) =>
      new Subnet(stack, zone, {
        vpcId: vpc.id,
        cidrBlock: `10.0.${i}.0/24`,
        availabilityZone: `${REGION}${zone}`,
      }).id,
  );
  const files = new S3Bucket(stack, "files", { bucket: "prefect-files" });
  const output = new S3Bucket(stack, "output", { bucket: "prefect-output" });
  const dask = new DaskCluster(stack, "dask", {
    name: DASK,
    network: { vpcId: vpc.id, privateSubnetIds: subnetIds },
    filesBucket: { bucketName: files.bucket, bucketArn: files.arn },
    workers: { cpu: 1024, memory: 2048 },
    sweeper: false,
  });
  const cluster = new EcsCluster(stack, "ecs", { name: NAME });
  const workers = new PrefectWorkers(stack, "prefect", {
    name: NAME,
    cluster,
    vpcId: vpc.id,
    subnetIds,
    api: { url },
    dask: {
      securityGroupId: dask.securityGroupId,
      clientPolicyArn: dask.clientPolicyArn,
      environment: { DASK_CLUSTER_CONFIG: dask.files?.configUri ?? "" },
    },
    buckets: { output: { bucketArn: output.arn } },
    workers: [
      { name: "dev", workPool: POOL, queues: [QUEUE] },
      { name: "prod", workPool: "prod" },
    ],
    pools: { dev: { environment: { TEAM: "data" } } },
    sweeper: false,
    tags: { Owner: "data-team" },
  });
  const pool = workers.pools[POOL];
  const values = {
    cluster: cluster.clusterArn,
    queue: workers.events.queueName,
    queueArn: workers.events.queueArn,
    subnets: subnetIds,
    group: workers.flows.securityGroupId,
    executionRole: workers.flows.executionRoleArn,
    flowRole: pool?.taskRoleArn,
    template: pool?.baseJobTemplate,
    command: pool?.command,
    daskCluster: dask.clusterArn,
    daskGroup: dask.securityGroupId,
  };
  for (const [name, value] of Object.entries(values)) new TerraformOutput(stack, name, { value, staticId: true });
  app.synth();
  const folder = join(app.outdir, "stacks", "prefect");
  const json: Json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  const [policy] =
    Object.entries<Json>(json.resource.aws_iam_role_policy).find(([id]) => id.includes("worker-dev")) ?? [];
  json.output.policy = { value: `\${aws_iam_role_policy.${policy}.policy}` };
  json.terraform = { required_version: ">= 1.10.0", required_providers: { aws: AWS_PROVIDER } };
  const here = without(await madeQueue(moto), withoutWhatMotoLacks(forMoto(json)));
  workspace = await Workspace.of("prefect", here, { source: folder, env: moto.env });
  await workspace.apply();
  return Object.fromEntries(Object.entries(await workspace.outputs()).map(([name, { value }]) => [name, value]));
}

/** Statements of the policies that a role has, its own and those that are attached to it. */
function statementsOf(role: string): Json[] {
  const { resources } = JSON.parse(readFileSync(workspace.stateFile, "utf8"));
  const all = (type: string): Json[] =>
    resources
      .filter((resource: Json) => resource.type === type)
      .flatMap(({ instances }: Json) => instances.map(({ attributes }: Json) => attributes));
  const ofRole = (type: string) => all(type).filter((resource) => resource.role === role);
  const attached = ofRole("aws_iam_role_policy_attachment").map(({ policy_arn }) => policy_arn);
  const policies = [
    ...ofRole("aws_iam_role_policy"),
    ...all("aws_iam_policy").filter(({ arn }) => attached.includes(arn)),
  ];
  return policies.flatMap(({ policy }) => JSON.parse(policy).Statement);
}

/** Makes the queue beside Terraform, whose provider looks on for half a minute after it has made one, or a policy of one. */
async function madeQueue(moto: Moto): Promise<Lack[]> {
  const shell = new AwsShell(moto.env);
  const name = `${NAME}-ecs-events`;
  const { QueueUrl: url } = await shell.call("sqs", "create_queue", { QueueName: name });
  shell.end();
  const arn = `arn:aws:sqs:${REGION}:123456789012:${name}`;
  return [{ type: "aws_sqs_queue", standIns: { arn, name, url } }, { type: "aws_sqs_queue_policy" }];
}
