import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { GatewayHost, type GatewayHostProps } from "../../../modules/fargate-fossa/gateway-host";
import { gatewayHostShape, hardwareOf, portOf } from "../../../modules/fargate-fossa/gateway-settings";
import { type BadInput, rejects } from "../../support/bad-input";
import { APP, BUILD, build, MINIMAL, NAT, PAGE, TYPICAL } from "./gateway-host.fixture";

const office = "203.0.113.0/24";
const blocks = (count: number) => Array.from({ length: count }, (_, i) => `10.${i}.0.0/24`);
const topic = (i: number) => `arn:aws:sns:eu-west-2:123456789012:alerts-${i}`;
const cluster = (name: string) => `arn:aws:ecs:eu-west-2:123456789012:cluster/${name}`;
const app = (settings: object) => ({ app: { ...APP, ...settings } });
const builds = (settings: object) => ({ build: { ...BUILD, ...settings } });
const deploys = { clusterName: "dev-fossa", serviceName: "worker", roleNames: ["dev-fossa-*"] };

const rows: BadInput<Record<string, unknown>>[] = [
  ["name", { name: "ab" }, "3 to 40", "ab"],
  ["name", { name: `a${"b".repeat(40)}` }, "3 to 40"],
  ["name", { name: "Dev" }, "lower-case"],
  ["name", { name: "dev-" }, "lower-case"],
  ["name", { name: "dev\nfossa" }, "lower-case"],
  ["vpcId", { vpcId: "vpc-xyz" }, "id of a VPC", "vpc-xyz"],
  ["subnetId", { subnetId: "" }, "id of a subnet"],
  ["subnetId", { subnetId: undefined }, "is required"],
  ["nat", { nat: "yes" }, "of type boolean", "yes"],
  ["nat", { nat: false, app: false }, "without app and build", "got false"],
  ["privateCidrBlocks", { privateCidrBlocks: [] }, "must name the source blocks", "got none"],
  ["privateCidrBlocks[0]", { privateCidrBlocks: ["192.168.2.0/29"] }, "/16 to /28", "192.168.2.0/29"],
  ["privateCidrBlocks[0]", { privateCidrBlocks: ["192.0.0.0/15"] }, "/16 to /28"],
  ["privateCidrBlocks[0]", { privateCidrBlocks: ["192.168.2.7/24"] }, "host bits", "192.168.2.0/24"],
  ["privateCidrBlocks[0]", { privateCidrBlocks: ["0.0.0.0/0"] }, "/16 to /28"],
  ["privateCidrBlocks[0]", { privateCidrBlocks: ["eth0 masquerade"] }, "an IPv4 CIDR"],
  ["privateCidrBlocks[0]", { privateCidrBlocks: [Token.asString({})] }, "an IPv4 CIDR"],
  [
    "privateCidrBlocks[1]",
    { privateCidrBlocks: ["10.0.0.0/16", "10.0.3.0/24"] },
    "not overlap 10.0.0.0/16",
    "10.0.3.0/24",
  ],
  ["privateCidrBlocks", { privateCidrBlocks: blocks(21), egressPorts: [80] }, "at most 20", "21"],
  ["privateRouteTableIds", { privateRouteTableIds: [] }, "private route tables", "got none"],
  ["privateRouteTableIds[0]", { privateRouteTableIds: ["rtb-1"] }, "id of a route table", "rtb-1"],
  ["egressPorts", { egressPorts: [] }, "at least 1"],
  ["egressPorts[0]", { egressPorts: [0] }, "at least 1", "0"],
  ["egressPorts[0]", { egressPorts: [65_536] }, "at most 65535", "65536"],
  ["egressPorts[1]", { egressPorts: [80, 1.5] }, "whole number", "1.5"],
  ["egressPorts", { egressPorts: [80, 80] }, "each port once"],
  ["egressPorts", { egressPorts: Array.from({ length: 11 }, (_, i) => 80 + i) }, "at most 10", "11"],
  ["egressPorts", { privateCidrBlocks: blocks(20), egressPorts: [1, 2, 3] }, "60 ingress rules", "AWS allows 59"],
  [
    "egressPorts",
    { privateCidrBlocks: blocks(10), egressPorts: [1, 2, 3, 4], allowedCidrs: blocks(15), ssh: blocks(5) },
    "60 ingress rules",
  ],
  ["allowedCidrs[0]", { allowedCidrs: ["0.0.0.0/0"] }, "must not be the whole internet", "use TLS", "got 0.0.0.0/0"],
  [
    "allowedCidrs[1]",
    { allowedCidrs: [office, "0.0.0.0/0"], tls: true },
    "must not be the whole internet",
    "allowInternet",
  ],
  ["allowedCidrs[0]", { allowedCidrs: ["0.0.0.0/0"], allowInternet: true }, "must not be the whole internet"],
  ["allowInternet", { allowInternet: true }, "must be off without TLS", "got true"],
  ["allowedCidrs[0]", { allowedCidrs: ["10.0.0.0/7"] }, "/8 to /32"],
  ["allowedCidrs", { allowedCidrs: blocks(16) }, "at most 15"],
  ["ssh[0]", { ssh: ["0.0.0.0/0"] }, "must not be the whole internet", "Session Manager"],
  ["ssh[0]", { ssh: ["0.0.0.0/0"], tls: true, allowInternet: true }, "must not be the whole internet"],
  ["ssh", { ssh: [office, office] }, "each block once"],
  ["instanceType", { instanceType: "small" }, "such as t3.medium", "small"],
  ["instanceType", { instanceType: "q9.large" }, "architecture this project knows", "q9.large"],
  ["instanceType", { instanceType: "t4g.small", build: BUILD }, "X86_64", "t4g.small"],
  ["instanceType", { instanceType: "t3.small", architecture: "ARM64", build: BUILD }, "ARM64", "t3.small"],
  ["autoRecovery", { instanceType: "c7g.metal" }, "must be off for c7g.metal", "got true"],
  ["architecture", { architecture: "arm64" }, "X86_64, ARM64", "arm64"],
  ["keyName", { keyName: "" }, "name of a key pair"],
  ["diskKmsKeyArn", { diskKmsKeyArn: "alias/mine" }, "ARN of a KMS key"],
  ["rootVolumeSize", { rootVolumeSize: 7 }, "at least 8", "7"],
  ["rootVolumeSize", { rootVolumeSize: 1001 }, "at most 1000"],
  ["alarmTopicArns[0]", { alarmTopicArns: ["alerts"] }, "ARN of an SNS topic", "alerts"],
  ["alarmTopicArns", { alarmTopicArns: [0, 1, 2, 3, 4, 5].map(topic) }, "at most 5", "6"],
  ["dependsOn", { dependsOn: "internet" }, "must be a list"],
  ["app", { app: true }, "false or an object of settings", "true"],
  ["app", { app: undefined }, "false or an object of settings"],
  ["app.bucketName", app({ bucketName: "Bucket" }), "lower-case", "Bucket"],
  ["app.bucketArn", app({ bucketArn: "fossa-programs" }), "ARN of a bucket"],
  ["app.key", app({ key: "/a b" }), "words joined by /"],
  ["app.passwordSecretArn", app({ passwordSecretArn: "supersecret" }), "ARN of a secret"],
  ["app.clusterArns", app({ clusterArns: [] }), "at least 1"],
  ["app.clusterArns", app({ clusterArns: Array.from({ length: 11 }, (_, i) => cluster(`c${i}`)) }), "at most 10"],
  ["app.clusterArns[0]", app({ clusterArns: [cluster("*")] }), "ARN of an ECS cluster"],
  ["app.port", app({ port: 0 }), "at least 1"],
  ["app.port", app({ port: 65_536 }), "at most 65535"],
  ["app.workerPort", app({ workerPort: "2345" }), "of type number"],
  ["app.workerGroup", app({ workerGroup: "service:fossa prod" }), "task group"],
  ["app.workerGroup", app({ workerGroup: "w".repeat(256) }), "task group"],
  ["app.postEnabled", app({ postEnabled: true }), "must be off without TLS", "got true"],
  ["app.password", app({ password: "supersecret" }), "unknown key"],
  ["build.prefix", builds({ prefix: "images/" }), "words joined by /", "images/"],
  ["build.bucketArn", builds({ bucketArn: "arn:aws:s3:::*" }), "ARN of a bucket"],
  ["build.repositoryUrl", builds({ repositoryUrl: `${BUILD.repositoryUrl}:latest` }), "without a tag"],
  [
    "build.repositoryArn",
    builds({ repositoryArn: "arn:aws:ecr:eu-west-2:123456789012:repository/*" }),
    "ECR repository",
  ],
  ["build.deploys.roleNames", builds({ deploys: { ...deploys, roleNames: undefined } }), "is required"],
  ["build.deploys.serviceName", builds({ deploys: { ...deploys, serviceName: "a b" } }), "letters, digits"],
  ["instancetype", { instancetype: "t3.small" }, "did you mean instanceType?"],
];
rejects("test/gateway", rows, (scope, props) => {
  new GatewayHost(scope, "gateway", { ...TYPICAL, ...props } as GatewayHostProps);
});

describe("accepts", () => {
  it.each<[string, Partial<GatewayHostProps>]>([
    ["the shortest name", { name: "abc" }],
    ["the longest name", { name: `a${"b".repeat(38)}c` }],
    ["old ids", { vpcId: "vpc-01234567", subnetId: "subnet-01234567" }],
    ["ids that another stack gives", { vpcId: Token.asString({}), subnetId: Token.asString({ x: 1 }) }],
    ["the smallest block", { privateCidrBlocks: ["192.168.2.0/28"] }],
    ["the largest block", { privateCidrBlocks: ["192.168.0.0/16"] }],
    ["blocks beside one another", { privateCidrBlocks: ["10.0.0.0/24", "10.0.1.0/24"] }],
    ["20 blocks", { privateCidrBlocks: blocks(20) }],
    [
      "59 rules",
      { privateCidrBlocks: blocks(10), egressPorts: [1, 2, 3, 4], allowedCidrs: blocks(15), ssh: blocks(4) },
    ],
    [
      "60 of which the load balancer takes some",
      { privateCidrBlocks: blocks(10), egressPorts: [1, 2, 3, 4], allowedCidrs: blocks(15), ssh: blocks(5), tls: true },
    ],
    ["the least and the greatest port", { egressPorts: [1, 65_535] }],
    ["ten ports", { egressPorts: Array.from({ length: 10 }, (_, i) => 80 + i) }],
    ["15 callers", { allowedCidrs: blocks(15) }],
    ["one address", { allowedCidrs: ["198.51.100.7/32"], ssh: ["198.51.100.7/32"] }],
    ["everybody, with TLS, when it is said", { allowedCidrs: ["0.0.0.0/0"], allowInternet: true, tls: true }],
    ["the smallest disk", { rootVolumeSize: 8 }],
    ["the largest disk", { rootVolumeSize: 1000 }],
    ["a whole host that is not moved", { instanceType: "c7g.metal", autoRecovery: false }],
    ["five topics", { alarmTopicArns: [0, 1, 2, 3, 4].map(topic) }],
    ["ten clusters", app({ clusterArns: Array.from({ length: 10 }, (_, i) => cluster(`c${i}`)) })],
    ["the least ports of the page and of workers", app({ port: 1, workerPort: 1 })],
    ["the greatest ports of the page and of workers", app({ port: 65_535, workerPort: 65_535 })],
    ["a group of 255 characters", app({ workerGroup: "w".repeat(255) })],
    ["posting with TLS", { tls: true, ...app({ postEnabled: true }) }],
    ["a host that only builds", { nat: false, app: false, build: BUILD }],
    ["a host that starts a service", builds({ deploys })],
    ["another architecture where it builds nothing", { instanceType: "t4g.small" }],
  ])("%s", (_, settings) => {
    expect(build({ ...TYPICAL, ...settings }).all(Instance)).toHaveLength(1);
  });
});

describe("by default", () => {
  it("a user's choices are these", () => {
    const defaults = Object.fromEntries(
      Object.entries(gatewayHostShape).map(([key, schema]) => [key, schema.parse(undefined)]),
    );
    expect(defaults).toEqual({
      instanceType: undefined,
      keyName: undefined,
      rootVolumeSize: 20,
      detailedMonitoring: false,
      egressPorts: [80, 443],
      allowedCidrs: [],
      allowInternet: false,
      ssh: [],
      autoRecovery: true,
    });
  });
  it("the type and its image follow the architecture, and a type its own", () => {
    expect(hardwareOf({ instanceType: undefined, architecture: "X86_64" })).toEqual({
      instanceType: "t3.small",
      architecture: "x86_64",
    });
    expect(hardwareOf({ instanceType: undefined, architecture: "ARM64" })).toEqual({
      instanceType: "t4g.small",
      architecture: "arm64",
    });
    expect(hardwareOf({ instanceType: "c6gn.medium", architecture: "X86_64" }).architecture).toBe("arm64");
  });
  it("the page listens on 80, and on 8080 behind TLS, unless a port is named", () => {
    expect([portOf({}, false), portOf({}, true), portOf({ port: 9000 }, true)]).toEqual([80, 8080, 9000]);
  });
  it("a host with a page that is no way out needs neither blocks nor tables", () => {
    const { nat, ...tables } = NAT;
    expect(build(PAGE).all(Instance)).toHaveLength(1);
    expect(build({ ...PAGE, ...tables }).all(Instance)).toHaveLength(1);
    expect(build({ ...MINIMAL, nat }).all(Instance)).toHaveLength(1);
  });
});
