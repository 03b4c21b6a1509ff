import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { AwsShell } from "../support/aws-shell";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { onAws } from "./stacks.fixture";

const SWEEPER = "assets/ecs/definition-sweeper/sweeper.py";
const REGISTRAR = "assets/dask/dashboards/registrar.py";

onAws("what watches over Dask's clusters", () => {
  let moto: Moto;
  let aws: AwsShell;
  let vpc: { id: string; subnet: string; group: string };
  /** Name of a test's own cluster: to empty moto and make the network anew takes longer than the tests. */
  let own: string;
  let count = 100; // as many digits each time: moto finds the tasks of a cluster by a part of its name

  beforeAll(async () => {
    moto = await Moto.start({ calls: join(mkdtempSync(join(inject("scratch"), "functions-")), "calls") });
    aws = new AwsShell(moto.env);
    const { Vpc } = await aws.call("ec2", "create_vpc", { CidrBlock: "10.0.0.0/16" });
    await aws.call("ec2", "modify_vpc_attribute", { VpcId: Vpc.VpcId, EnableDnsHostnames: { Value: true } });
    const subnet = (cidr: string, zone: string) =>
      aws.call("ec2", "create_subnet", { VpcId: Vpc.VpcId, CidrBlock: cidr, AvailabilityZone: `us-east-1${zone}` });
    const { Subnet } = await subnet("10.0.2.0/24", "a");
    const { GroupId } = await aws.call("ec2", "create_security_group", {
      GroupName: "dask",
      Description: "dask",
      VpcId: Vpc.VpcId,
    });
    vpc = { id: Vpc.VpcId, subnet: Subnet.SubnetId, group: GroupId };
    await aws.call("ecs", "put_account_setting", { name: "taskLongArnFormat", value: "enabled" });
    await moto.holdTasks();
  });
  afterAll(async () => {
    aws?.end();
    await moto?.stop();
  });
  beforeEach(() => {
    own = `dask-${++count}`;
  });

  const cluster = async (name: string): Promise<string> =>
    (await aws.call("ecs", "create_cluster", { clusterName: name })).cluster.clusterArn;

  /** Registers a definition as dask-cloudprovider does. */
  const define = async (family: string, tags: Record<string, string> = { DaskCluster: own }): Promise<string> => {
    const { taskDefinition } = await aws.call("ecs", "register_task_definition", {
      family,
      networkMode: "awsvpc",
      cpu: "256",
      memory: "1024",
      requiresCompatibilities: ["FARGATE"],
      containerDefinitions: [{ name: family.replace(/^dask-.*-/, "dask-"), image: "dask:1", cpu: 256, memory: 1024 }],
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    });
    return taskDefinition.taskDefinitionArn;
  };
  const start = async (name: string, taskDefinition: string): Promise<Json> => {
    const awsvpcConfiguration = { subnets: [vpc.subnet], securityGroups: [vpc.group] };
    const { tasks } = await aws.call("ecs", "run_task", {
      cluster: name,
      taskDefinition,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration },
    });
    return tasks[0];
  };
  const stop = (name: string, { taskArn }: Json) => aws.call("ecs", "stop_task", { cluster: name, task: taskArn });

  describe("the sweeper", () => {
    const rules = () => ({
      prefix: "dask-",
      groupSuffixes: ["-scheduler", "-worker"],
      keepNewest: 0,
      hours: 24,
      tags: { DaskCluster: own },
      clusters: [own],
    });
    /** Sweeps as it would so many hours from now. */
    const sweep = (rule: object = {}, hours = 25): Promise<Json> =>
      aws.run(SWEEPER, "sweep", [{ client: "ecs" }, { ...rules(), ...rule }, { hours }]);

    it("deregisters what is a day old, then deletes it, by the function that Lambda calls too", async () => {
      await cluster(own);
      const arns = [await define("dask-a-scheduler"), await define("dask-a-worker")];
      const nothing = { deregistered: [], deleted: [] };
      expect(await aws.run(SWEEPER, "handler", [{}, null], { SWEEP: JSON.stringify(rules()) })).toEqual(nothing);
      expect(await sweep({}, 23)).toEqual(nothing);
      expect(await sweep()).toEqual({ deregistered: arns, deleted: [] });
      expect(await sweep()).toEqual({ deregistered: [], deleted: arns });
      expect(await sweep()).toEqual(nothing);
    });
    it("lets the definitions of a cluster be of which anything runs", async () => {
      await cluster(own);
      const running = [await define("dask-a-scheduler"), await define("dask-a-worker")];
      const ended = [await define("dask-b-scheduler"), await define("dask-b-worker")];
      const scheduler = await start(own, running[0] as string); // no worker yet, as `adapt` begins
      await stop(own, await start(own, ended[0] as string));
      expect(await sweep()).toEqual({ deregistered: ended, deleted: [] });
      await stop(own, scheduler);
      expect(await sweep()).toEqual({ deregistered: running, deleted: ended });
    });
    it("lets be what is not of this layer: other tags, other families", async () => {
      await cluster(own);
      await define("dask-c-worker", { DaskCluster: "prod-dask" });
      await define("dask-d-worker", {});
      await define("fossa-worker");
      expect(await sweep()).toEqual({ deregistered: [], deleted: [] });
    });
    it("keeps the newest revisions of Prefect's families, and those of running tasks", async () => {
      await cluster("flows");
      const revisions = [];
      for (let i = 0; i < 4; i++) revisions.push(await define("prefect_dev_1", {}));
      await start("flows", revisions[1] as string);
      const rule = { prefix: "prefect_dev_", groupSuffixes: [], keepNewest: 1, tags: {}, clusters: ["flows"] };
      expect((await sweep(rule)).deregistered).toEqual([revisions[2], revisions[0]]);
    });
    it("fails, and sweeps nothing, where it cannot see what runs", async () => {
      await cluster(own);
      const arn = await define("dask-a-worker");
      const faults = sweep({ clusters: ["none"] });
      await expect(faults).rejects.toThrow("ClusterNotFound");
      expect(await sweep()).toEqual({ deregistered: [arn], deleted: [] });
    });
  });

  describe("the registrar", () => {
    let settings: { clusterArn: string; port: number; dashboards: { prefix: string; targetGroupArn: string }[] };
    let arn: string;

    const group = async (name: string): Promise<string> => {
      const made = await aws.call("elbv2", "create_target_group", {
        Name: name,
        Protocol: "HTTP",
        Port: 8787,
        VpcId: vpc.id,
        TargetType: "ip",
      });
      return made.TargetGroups[0].TargetGroupArn;
    };
    const targets = async (targetGroup = arn): Promise<string[]> => {
      const health = await aws.call("elbv2", "describe_target_health", { TargetGroupArn: targetGroup });
      return health.TargetHealthDescriptions.map(({ Target }: Json) => `${Target.Id}:${Target.Port}`);
    };
    const addressOf = ({ attachments }: Json): string =>
      `${attachments[0].details.find(({ name }: Json) => name === "privateIPv4Address").value}:8787`;
    const event = (lastStatus: string, task: Json, clusterArn = settings.clusterArn) => ({
      source: "aws.ecs",
      "detail-type": "ECS Task State Change",
      detail: { clusterArn, taskArn: task.taskArn, lastStatus, containers: [{ name: "dask-scheduler" }] },
    });
    const happens = (what: object): Promise<Json> =>
      aws.run(REGISTRAR, "handler", [what, null], { DASHBOARDS: JSON.stringify(settings) });
    const scheduler = async (name: string, on = own) => start(on, await define(`dask-${name}-scheduler`));

    beforeEach(async () => {
      const clusterArn = await cluster(own);
      arn = await group(own);
      settings = { clusterArn, port: 8787, dashboards: [{ prefix: "", targetGroupArn: arn }] };
    });

    it("registers a scheduler that runs, and takes it out when it has stopped", async () => {
      const task = await scheduler("a");
      await happens(event("RUNNING", task));
      expect(await targets()).toEqual([addressOf(task)]);
      await stop(own, task);
      await happens(event("STOPPED", task));
      expect(await targets()).toEqual([]);
    });
    it("shows the newest of several, and again the older one when the newer has ended", async () => {
      const older = await scheduler("a");
      await happens(event("RUNNING", older));
      const newer = await scheduler("b");
      await happens(event("RUNNING", newer));
      expect(await targets()).toEqual([addressOf(newer)]);
      await stop(own, newer);
      await happens(event("STOPPED", newer));
      expect(await targets()).toEqual([addressOf(older)]);
    });
    it("shows always the same one of several that started, or were made, at the same moment", async () => {
      const shown = async (...ages: [started: number, made: number, taskArn: string][]) => {
        const running = ages.map((age) => [age, "a", age[2]]);
        return Object.values(await aws.run(REGISTRAR, "wanted_targets", [running, settings.dashboards]));
      };
      for (const [newer, older] of [
        [
          [2, 1, "x"],
          [1, 2, "y"],
        ],
        [
          [1, 2, "x"],
          [1, 1, "y"],
        ],
        [
          [1, 1, "y"],
          [1, 1, "x"],
        ],
      ] as const) {
        expect(await shown([...newer], [...older])).toEqual([newer[2]]);
        expect(await shown([...older], [...newer])).toEqual([newer[2]]);
      }
    });
    it("tells when a scheduler was started, and made, and which it is", async () => {
      const { taskArn, startedAt, createdAt } = await scheduler("a");
      const [[age]] = await aws.run(REGISTRAR, "schedulers", [{ client: "ecs" }, settings.clusterArn]);
      expect(age).toEqual([startedAt, createdAt, taskArn]);
    });
    it("changes nothing for an event that comes twice or late", async () => {
      const first = await scheduler("a");
      expect(await happens(event("RUNNING", first))).toHaveLength(1);
      expect(await happens(event("RUNNING", first))).toEqual([]);
      await stop(own, first);
      const second = await scheduler("b");
      await happens(event("RUNNING", second));
      expect(await happens(event("RUNNING", first))).toEqual([]); // it has stopped since
      expect(await happens(event("STOPPED", first))).toEqual([]);
      expect(await targets()).toEqual([addressOf(second)]);
    });
    it("changes nothing for another cluster's, and registers no worker", async () => {
      const task = await scheduler("a");
      await happens(event("RUNNING", task));
      const other = await cluster(`other-${count}`);
      const foreign = await scheduler("z", `other-${count}`);
      expect(await happens(event("RUNNING", foreign, other))).toEqual([]);
      const worker = await start(own, await define("dask-a-worker"));
      expect(await happens(event("RUNNING", worker))).toEqual([]);
      expect(await targets()).toEqual([addressOf(task)]);
    });
    it("tells clusters apart by their names, each at the dashboard with the longest prefix that fits", async () => {
      const train = await group("train");
      settings.dashboards.push({ prefix: "train-", targetGroupArn: train });
      const one = await scheduler("etl-1");
      const two = await scheduler("train-1");
      await happens(event("RUNNING", two));
      expect([await targets(), await targets(train)]).toEqual([[addressOf(one)], [addressOf(two)]]);
      await stop(own, one);
      await happens(event("STOPPED", one));
      expect([await targets(), await targets(train)]).toEqual([[], [addressOf(two)]]);
    });
    it("mends on its schedule what an event that was lost has left", async () => {
      const task = await scheduler("a");
      await happens({ source: "aws.events", "detail-type": "Scheduled Event", detail: {} });
      expect(await targets()).toEqual([addressOf(task)]);
      await stop(own, task);
      await happens({ source: "aws.events", "detail-type": "Scheduled Event", detail: {} });
      expect(await targets()).toEqual([]);
    });
  });
});
