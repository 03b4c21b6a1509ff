import { readdirSync } from "node:fs";
import { join } from "node:path";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformOutput } from "cdktf";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { GatewayHost, type GatewayHostProps } from "../../modules/fargate-fossa/gateway-host";
import { gatewayUserData } from "../../modules/fargate-fossa/gateway-user-data";
import { APP, BUILD, build, MAXIMAL, MINIMAL, PAGE } from "../modules/fargate-fossa/gateway-host.fixture";
import { MetadataService } from "../support/metadata-service";
import { mockApply } from "../support/mock-apply";
import { Moto } from "../support/moto";
import { type Ended, run } from "../support/process";
import { ScratchMachine } from "../support/scratch-machine";
import { type Json, synth } from "../support/synth";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { forMoto } from "../support/terraform-json";
import { withoutWhatMotoLacks } from "./moto-lacks";
import { onAws } from "./stacks.fixture";

const RENDERED = "__tests__/modules/fargate-fossa/rendered";
const planned = (json: Json): Json => ({ ...json, terraform: { required_providers: { aws: AWS_PROVIDER } } });

onAws("the gateway host", () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await Moto.start();
  });
  afterAll(() => moto?.stop());

  it.each<[string, GatewayHostProps]>([
    ["the page", PAGE],
    ["everything", MAXIMAL],
  ])("as %s is applied with the provider's schemas and made-up answers", async (name, props) => {
    await mockApply(`gateway ${name}`.replaceAll(/\W+/g, "-"), planned(build(props).parsed), {});
  });

  it.each<[string, GatewayHostProps]>([
    ["the way out", MINIMAL],
    ["everything", MAXIMAL],
  ])("as %s is applied on moto, and a second plan changes nothing", async (name, props) => {
    await moto.reset();
    const { parsed } = synth((stack) => {
      const vpc = new Vpc(stack, "vpc", { cidrBlock: "192.168.0.0/16" });
      const internet = new InternetGateway(stack, "internet", { vpcId: vpc.id });
      const subnet = new Subnet(stack, "subnet", { vpcId: vpc.id, cidrBlock: "192.168.1.0/24" });
      const { instanceId, publicIp } = new GatewayHost(stack, "gateway", {
        ...props,
        vpcId: vpc.id,
        subnetId: subnet.id,
        privateRouteTableIds: [new RouteTable(stack, "private", { vpcId: vpc.id }).id],
        dependsOn: [internet],
      });
      new TerraformOutput(stack, "host", { staticId: true, value: `${instanceId} ${publicIp}` });
    });
    const json = withoutWhatMotoLacks(forMoto(planned(parsed)));
    const workspace = await Workspace.of(`gateway ${name}`.replaceAll(/\W+/g, "-"), json, { env: moto.env });
    await workspace.apply();
    expect((await workspace.outputs()).host?.value).toMatch(/^i-[0-9a-f]{17} \d+\.\d+\.\d+\.\d+$/);
    expect(await workspace.plan()).toEqual([]);
  });
});

// CI runs as root and has to run these; for others, a machine of its own is more than they may make
const skipped = inject("missing") !== "" || (process.getuid?.() !== 0 && !process.env.CI);
if (skipped) console.warn("\nTHE GATEWAY'S SCRIPTS ARE NOT RUN: they need root, and what npm run test:aws needs.\n");

describe.skipIf(skipped)("the gateway's scripts", () => {
  const venv = inject("motoEnvironment");
  let moto: Moto;
  let metadata: MetadataService;
  let on: ScratchMachine;
  const tool = (name: string, ...args: string[]) => run(join(venv, "bin", name), args, { env: moto.env });
  /** An object in a bucket of moto's. */
  const put = async (bucket: string, key: string, body: string) => {
    const { status, stderr } = await tool("python", "-c", PUT, bucket, key, body);
    expect(status, stderr).toBe(0);
  };
  /** Runs a task as systemd does. */
  const task = (name: string): Promise<Ended> =>
    on.shell(`set -a; . /etc/gateway/environment; set +a; bash /usr/local/sbin/${name}`);
  const called = (...names: string[]) => on.calls.filter((call) => names.includes(call.split(" ")[0] ?? ""));

  beforeAll(async () => {
    moto = await Moto.start();
    metadata = await MetadataService.start();
    on = new ScratchMachine({
      scratch: inject("scratch"),
      venv,
      env: { AWS_ENDPOINT_URL: moto.url, AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url },
    });
    await on.shell("touch /swapfile"); // or the machine under test would get swap
    const script = gatewayUserData("gateway", {
      ...{ name: "dev-fossa", region: "eu-west-2", nat: true, tls: false, egressPorts: [80, 443] },
      privateCidrBlocks: ["192.168.2.0/24"],
      app: { ...APP, workerPort: 2345, postEnabled: false },
      build: BUILD,
    });
    const plain = script.replaceAll("$${", "${").replaceAll("%%{", "%{");
    for (const _ of ["first boot", "once more"]) {
      const { status, stdout, stderr } = await on.boot(plain);
      expect(status, stdout + stderr).toBe(0);
    }
  });
  afterAll(async () => {
    await metadata?.stop();
    await moto?.stop();
  });

  it("pass shellcheck", async () => {
    const scripts = readdirSync(RENDERED)
      .filter((file) => file.endsWith(".sh"))
      .map((file) => join(RENDERED, file));
    expect(scripts).toHaveLength(3);
    const programs = ["nat/nat.sh", "gateway-host/gateway-update.sh", "gateway-host/image-build.sh"];
    const files = [
      ...scripts,
      "__tests__/modules/network/rendered/nat-instance.sh",
      ...programs.map((file) => `assets/${file}`),
    ];
    expect(await tool("shellcheck", ...files)).toMatchObject({ stdout: "", stderr: "", status: 0 });
    const parts = ["functions.sh", "service-restart.sh"].map((file) => `assets/gateway-host/${file}`);
    expect(await tool("shellcheck", "--shell=bash", ...parts)).toMatchObject({ stdout: "", stderr: "", status: 0 });
  });
  it("start the way out first, then the page and the building, and do so again", () => {
    const once = [
      "systemctl daemon-reload",
      "systemctl enable nat",
      "systemctl restart nat",
      "systemctl daemon-reload",
      "systemctl enable gateway.service gateway-update.timer",
      "systemctl restart gateway.service gateway-update.timer",
      "systemctl daemon-reload",
      "systemctl enable image-build.timer",
      "systemctl restart image-build.timer",
    ];
    expect(called("systemctl")).toEqual([...once, ...once]);
    expect(called("dnf")).toEqual([]);
    expect(on.read("/etc/gateway/environment")).not.toMatch(/password=|SecretString/i);
    expect(on.owned("/etc/gateway/environment")).toBe("root 644");
  });
  it("fetch the page's program from S3, by the role's credentials, when it changes", async () => {
    const nothing = await task("gateway-update");
    expect(nothing.status).toBe(1);
    expect(nothing.stderr).toContain(`s3://${APP.bucketName}/${APP.key} is out of reach`);
    for (const program of ["console.log('one')", "console.log('two')"]) {
      await put(APP.bucketName, APP.key, program);
      const before = called("systemctl").length;
      const { status, stdout, stderr } = await task("gateway-update");
      expect(status, stderr).toBe(0);
      expect(stdout).toMatch(/^started "[0-9a-f]{32}"\n$/);
      expect(on.read("/opt/gateway/gateway.mjs")).toBe(program);
      expect(on.owned("/opt/gateway/gateway.mjs")).toBe("root 644");
      expect(called("systemctl").slice(before)).toEqual(["systemctl restart gateway"]);
      const again = await task("gateway-update");
      expect(again).toMatchObject({ status: 0, stdout: "" });
      expect(called("systemctl")).toHaveLength(before + 1);
    }
    expect(called("dnf")[0]).toBe("dnf -y install nodejs24");
    expect(metadata.refused).toEqual([]);
  });
  it("build the image that ECR lacks", async () => {
    await on.shell("dnf -y install docker unzip"); // or this machine's own would be used, where there are
    await put(BUILD.bucketName, `${BUILD.prefix}/tag`, "0123456789abcdef-amd64");
    await put(BUILD.bucketName, `${BUILD.prefix}/0123456789abcdef-amd64.zip`, "a zip");
    const lost = await task("image-build");
    expect(lost.status).toBe(1);
    expect(lost.stderr).toContain("the repository is out of reach");
    expect((await tool("python", "-c", REPOSITORY, "dev-fossa/worker")).status).toBe(0);
    const { status, stderr } = await task("image-build");
    expect(status, stderr).toBe(0);
    const image = `${BUILD.repositoryUrl}:0123456789abcdef-amd64`;
    expect(called("docker")).toEqual([
      "docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-2.amazonaws.com",
      expect.stringMatching(`^docker build --pull --network=host --tag ${image} /var/tmp/image\\.\\w+/source$`),
      `docker push ${image}`,
      "docker system prune --all --force",
    ]);
    expect(on.read("/var/log/registry-password").trim()).not.toBe("");
    const calls = on.calls.length;
    expect((await tool("python", "-c", PUSH, "dev-fossa/worker", "0123456789abcdef-amd64")).status).toBe(0);
    expect((await task("image-build")).status).toBe(0);
    expect(on.calls).toHaveLength(calls);
  });
});

const PUT = `
import boto3, sys
bucket, key, body = sys.argv[1:]
s3 = boto3.client("s3", region_name="eu-west-2")
try:
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
except s3.exceptions.BucketAlreadyOwnedByYou:
    pass
s3.put_object(Bucket=bucket, Key=key, Body=body)
`;
const REPOSITORY = `
import boto3, sys
boto3.client("ecr", region_name="eu-west-2").create_repository(repositoryName=sys.argv[1])
`;
const PUSH = `
import boto3, json, sys
manifest = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": [],
    "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": "sha256:" + "0" * 64}}
boto3.client("ecr", region_name="eu-west-2").put_image(
    repositoryName=sys.argv[1], imageManifest=json.dumps(manifest), imageTag=sys.argv[2])
`;
