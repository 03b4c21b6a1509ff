import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from "@aws-sdk/client-ecs";
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { bundle } from "../../modules/common/bundling/bundle";
import { ChildProgram } from "../support/child-program";
import { Moto } from "../support/moto";
import { run } from "../support/process";
import { onAws } from "./stacks.fixture";

const REGION = "eu-west-2";
const PASSWORD = "a password of moto";
const WORKERS = "service:dev-fossa-workers";
/** More than AWS lists or describes in one call. */
const WORKER_COUNT = 120;
const AT_ONCE = 10;

const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

onAws("the gateway's program on moto", () => {
  let moto: Moto;
  let file: string;
  let secretArn: string;
  let secrets: SecretsManagerClient;
  let gateway: ChildProgram;
  let url: string;

  const settings = () => ({
    endpoint: moto.url,
    region: REGION,
    credentials: { accessKeyId: "t", secretAccessKey: "t" },
  });
  const environment = (more: Record<string, string> = {}) => ({
    ...moto.env,
    PATH: process.env.PATH ?? "",
    AWS_REGION: REGION,
    HOST: "127.0.0.1",
    PORT: "0",
    PASSWORD_SECRET_ARN: secretArn,
    WORKER_GROUP: WORKERS,
    ...more,
  });
  const start = async (more: Record<string, string> = {}) => {
    const options = { env: environment(more), cwd: inject("scratch") };
    const program = new ChildProgram("gateway", process.execPath, [file], options);
    const port = await program.until("listens", () => /"event":"listening".*"port":(\d+)/.exec(program.output)?.[1]);
    return { program, at: `http://127.0.0.1:${port}` };
  };
  const get = async (path: string, headers: Record<string, string> = basic("fossa", PASSWORD), at = url) => {
    const response = await fetch(`${at}${path}`, { headers, redirect: "manual" });
    const text = await response.text();
    return { status: response.status, heading: /<h1>(.*?)<\/h1>/.exec(text)?.[1], text };
  };
  const secret = async (name: string, SecretString: string) =>
    (await secrets.send(new CreateSecretCommand({ Name: name, SecretString }))).ARN ?? "";

  beforeAll(async () => {
    file = join(mkdtempSync(join(inject("scratch"), "gateway-")), "gateway.mjs");
    writeFileSync(file, bundle("assets/gateway/main.ts").code);
    moto = await Moto.start();
    // else moto lets a task stop when it is looked at
    const transition = { model_name: "ecs::task", transition: { progression: "manual", times: 1_000_000 } };
    const set = `${moto.url}/moto-api/state-manager/set-transition`;
    expect((await fetch(set, { method: "POST", body: JSON.stringify(transition) })).ok).toBe(true);
    secrets = new SecretsManagerClient(settings());
    secretArn = await secret("dev-fossa-gateway", PASSWORD);
    await makeCluster();
    const started = await start();
    gateway = started.program;
    url = started.at;
  });
  afterAll(async () => {
    await gateway?.kill();
    await moto?.stop();
  });

  async function makeCluster(): Promise<void> {
    const [ecs, ec2] = [new ECSClient(settings()), new EC2Client(settings())];
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "192.168.0.0/16" }));
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId: Vpc?.VpcId, EnableDnsHostnames: { Value: true } })); // as moto wants
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({ VpcId: Vpc?.VpcId, GroupName: "workers", Description: "workers" }),
    );
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: "192.168.2.0/24" }));
    const cluster = "dev-fossa";
    await ecs.send(new CreateClusterCommand({ clusterName: "empty" }));
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "fossa",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
        containerDefinitions: [{ name: "fossa", image: "fossa", cpu: 256, memory: 512 }], // moto adds these up
      }),
    );
    const networkConfiguration = {
      awsvpcConfiguration: { subnets: [Subnet?.SubnetId ?? ""], securityGroups: [GroupId ?? ""] },
    };
    const common = {
      cluster,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      launchType: "FARGATE" as const,
      networkConfiguration,
    };
    await ecs.send(new CreateServiceCommand({ ...common, serviceName: "dev-fossa-workers", desiredCount: 2 }));
    const tasks = (group: string, count: number) => ecs.send(new RunTaskCommand({ ...common, group, count }));
    for (let made = 0; made < WORKER_COUNT; made += AT_ONCE) await tasks(WORKERS, AT_ONCE); // moto's services start none
    await tasks("service:dev-fossa-rabbitmq", 1);
  }

  it("lists the clusters", async () => {
    const { status, text } = await get("/");
    expect(status).toBe(200);
    expect(text.match(/href="\/clusters\/[^"]*"/g)).toEqual(['href="/clusters/dev-fossa"', 'href="/clusters/empty"']);
  });
  it("lists all tasks, with links to the workers among them", async () => {
    const pages = [await get("/clusters/dev-fossa"), await get("/clusters/dev-fossa?page=2")];
    expect(pages[0]?.text).toContain(`${WORKER_COUNT} of ${WORKER_COUNT}`);
    const links = pages.flatMap(({ text }) => text.match(/href="\/clusters\/dev-fossa\/nodes\/[\d.]+"/g) ?? []);
    expect(new Set(links).size).toBe(WORKER_COUNT);
    expect(pages[1]?.text).toContain("service:dev-fossa-rabbitmq");
    expect(pages[1]?.text).toContain(`101 to ${WORKER_COUNT + 1} of ${WORKER_COUNT + 1}`);
  });
  it("says that a cluster has no tasks", async () => {
    expect((await get("/clusters/empty")).text).toContain("There are no tasks in the cluster.");
  });
  it("says which clusters there are when it does not know one", async () => {
    const { status, heading, text } = await get("/clusters/nope");
    expect([status, heading]).toEqual([404, "Cluster not found"]);
    expect(text).toContain('href="/clusters/dev-fossa"');
  });
  it("asks nobody but workers", async () => {
    const { text } = await get("/clusters/dev-fossa?page=2");
    const row = /service:dev-fossa-rabbitmq.*?(\d+\.\d+\.\d+\.\d+)/s.exec(text);
    for (const address of [row?.[1] ?? "no broker", "127.0.0.1", "169.254.169.254"])
      expect(await get(`/clusters/dev-fossa/nodes/${address}`)).toMatchObject({
        status: 404,
        heading: "Node not found",
      });
  });
  it.each([
    ["no password", {}],
    ["a wrong password", basic("fossa", "not the password")],
    ["an empty password", basic("fossa", "")],
    ["another user", basic("root", PASSWORD)],
  ])("lets nobody in with %s", async (_, headers) => {
    const { status, heading, text } = await get("/", headers);
    expect([status, heading]).toEqual([401, "Please sign in"]);
    expect(text).not.toContain("dev-fossa");
  });
  it("answers the load balancer without sign-in", async () => {
    expect(await get("/healthz", {})).toMatchObject({ status: 200, text: "ok" });
  });
  it("takes a password that was changed, and then not the old one", async () => {
    const next = "another password of moto";
    const change = async (SecretString: string) => {
      await secrets.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString }));
      await wait(5_500); // the gateway looks again after five seconds; to try all the time would be too many failures
    };
    await change(next);
    expect((await get("/", basic("fossa", next))).status).toBe(200);
    expect((await get("/")).status).toBe(401);
    await change(PASSWORD);
    expect((await get("/")).status).toBe(200);
  });
  it.each([
    ["is too short", async () => secret("short", "eleven char"), "has 11 characters, and needs 12"],
    ["is missing", async () => `arn:aws:secretsmanager:${REGION}:123456789012:secret:none-AbCdEf`, "does not exist"],
  ])("lets nobody in when the password %s, and its log says why", async (_, make, why) => {
    const { program, at } = await start({ PASSWORD_SECRET_ARN: await make() });
    for (const headers of [{}, basic("fossa", ""), basic("fossa", "eleven char"), basic("fossa", PASSWORD)])
      expect(await get("/", headers, at)).toMatchObject({ status: 503, heading: "Nobody can sign in at the moment" });
    expect(program.output).toContain(why);
    expect((await get("/healthz", {}, at)).status).toBe(200);
    await program.kill();
  });
  it.each<[string, Record<string, string>, string]>([
    [
      "a wrong setting",
      { WORKER_PORT: "none" },
      'the gateway\'s environment is wrong: WORKER_PORT must be a port (1 to 65535), got "none"\n',
    ],
    ["an address that is not its own", { HOST: "192.0.2.1" }, "the gateway cannot start: listen EADDRNOTAVAIL"],
  ])("ends with one sentence on %s", async (_, wrong, sentence) => {
    const ended = await run(process.execPath, [file], { env: environment(wrong) });
    expect(ended.status).toBe(1);
    expect(ended.stdout).toBe("");
    expect(ended.stderr.replace(/^\(node:.*?\(Use `node --trace-warnings[^\n]*\n/s, "")).toMatch(
      new RegExp(`^${sentence.replace(/[()]/g, "\\$&")}`),
    );
  });

  it("says that AWS cannot be reached, keeps its secrets out of the log, and ends in good order", async () => {
    await moto.stop();
    await vi.waitFor(
      async () => expect(await get("/")).toMatchObject({ status: 502, heading: "AWS cannot be reached" }),
      { timeout: 20_000, interval: 1_000 },
    );
    const lines = gateway.output.split("\n").filter((line) => line.startsWith("{"));
    const requests = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "request");
    expect(requests).toContainEqual(
      expect.objectContaining({ path: "/clusters/nope", status: 404, client: "127.0.0.1" }),
    );
    expect(lines.map((line) => JSON.parse(line).title)).toContain("AWS cannot be reached");
    for (const word of [PASSWORD, "not the password", "another password", "Basic ", "/healthz"])
      expect(gateway.output).not.toContain(word);
    gateway.terminate();
    expect(await gateway.ended).toEqual({ status: 0, signal: null });
  });
});
