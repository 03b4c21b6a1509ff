import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { Route } from "@cdktf/provider-aws/lib/route";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { describe, expect, it } from "vitest";
import { FossaGateway, type FossaGatewayProps } from "../../../modules/fargate-fossa/fossa-gateway";
import { type BadInput, rejects } from "../../support/bad-input";
import { refTo, synth } from "../../support/synth";
import { CERTIFICATE, IMAGE, PLACE, SECRET, TLS } from "./fossa.fixture";

const PREBUILT = { imageBuild: "prebuilt", image: IMAGE } as const;
const VPN = { clientCidr: "10.12.0.0/22", serverCertificateArn: CERTIFICATE, rootCertificateChainArn: CERTIFICATE };
/** Synthesizes a gateway whose image exists, with these settings. */
function build(props: Partial<FossaGatewayProps> = {}) {
  const made: FossaGateway[] = [];
  const result = synth((stack) => made.push(new FossaGateway(stack, "gateway", { ...PLACE, ...PREBUILT, ...props })));
  return { ...result, gateway: made[0] as FossaGateway };
}
const statements = ({ parsed }: ReturnType<typeof build>) =>
  Object.values<{ policy: string }>(parsed.resource.aws_iam_role_policy ?? {}).flatMap(
    ({ policy }) => JSON.parse(plain(policy)).Statement,
  );
/** Text with a word in place of each reference, also where one stands within another. */
function plain(text: string): string {
  const simpler = text.replace(/\$\{[^${}]*\}/g, "REFERENCE");
  return simpler === text ? text : plain(simpler);
}

describe("by default", () => {
  const made = build();
  it("is one host with an address that stays, which private subnets leave by", () => {
    const { instance_type, source_dest_check, key_name } = made.one(Instance);
    expect([instance_type, source_dest_check, key_name]).toEqual(["t3.small", false, undefined]);
    expect(made.one(Eip).domain).toBe("vpc");
    expect(made.one(Route)).toMatchObject({
      destination_cidr_block: "0.0.0.0/0",
      route_table_id: "rtb-0123456789abcdef0",
      network_interface_id: refTo(Instance, "primary_network_interface_id"),
    });
  });
  it("shows the page by its address, and posts no tasks", () => {
    expect(made.gateway.url).toMatch(/^http:\/\/\$\{/);
    expect(made.one(Instance).user_data).toContain("POST_ENABLED=false");
    expect([made.all(Lb), made.all(SnsTopic), made.all(Ec2ClientVpnEndpoint)]).toEqual([[], [], []]);
  });
  it("makes a password that nobody sees", () => {
    const [version] = Object.values<Record<string, string>>(made.parsed.resource.aws_secretsmanager_secret_version);
    expect(version?.secret_string_wo).toMatch(/^\$\{ephemeral\.aws_secretsmanager_random_password\./);
    expect(version).not.toHaveProperty("secret_string");
  });
  it("may ask about tasks of its own cluster alone", () => {
    const ecs = statements(made).filter(({ Action }) => JSON.stringify(Action).includes("ecs:"));
    expect(ecs.map(({ Action }) => Action).sort()).toEqual(["ecs:DescribeTasks", "ecs:ListClusters", "ecs:ListTasks"]);
    const everywhere = statements(made).filter(({ Resource }) => Resource === "*");
    expect(everywhere.map(({ Action }) => Action)).toEqual(["ecs:ListClusters"]);
    for (const { Condition } of ecs.filter(({ Resource }) => Resource !== "*")) {
      expect(Condition.ArnEquals["ecs:cluster"].join()).toMatch(/^arn:aws:ecs:eu-west-2:.*:cluster\/dev-fossa$/);
    }
  });
});

describe("with TLS", () => {
  const made = build(TLS);
  it("is reached by HTTPS, to which HTTP is sent on, and posts tasks", () => {
    const listeners = made.all(LbListener);
    expect(listeners.find(({ port }) => port === 443)).toMatchObject({
      protocol: "HTTPS",
      certificate_arn: CERTIFICATE,
    });
    expect(listeners.find(({ port }) => port === 80).default_action[0].redirect).toMatchObject({ protocol: "HTTPS" });
    expect(made.one(LbTargetGroupAttachment)).toMatchObject({ port: 8080, target_id: refTo(Instance, "id") });
    expect(made.one(Instance).user_data).toContain("POST_ENABLED=true");
    expect(made.one(Lb).tags.Name).toBe("dev-fossa-page");
    expect(made.gateway.url).toMatch(/^https:/);
  });
});

it.each(["nat-gateway", "vpc-endpoints"] as const)("is no way out where egress is %s", (egress) => {
  const made = build({ egress });
  expect(made.one(Instance)).not.toHaveProperty("source_dest_check");
  expect(made.all(Route)).toEqual([]);
});
it("needs no host where the page is a service and the way out a NAT gateway", () => {
  const { gateway, all } = build({ egress: "nat-gateway", page: "container", pageImage: IMAGE, ...TLS });
  expect(all(Instance)).toEqual([]);
  expect(gateway.host).toBeUndefined();
  expect(gateway.page).toMatchObject({
    image: IMAGE,
    tls: { certificateArn: CERTIFICATE, allowedCidrs: TLS.allowedCidrs },
  });
});
it("has neither password nor page where none is asked for", () => {
  const { gateway, parsed } = build({ page: "none" });
  expect([gateway.passwordSecretArn, gateway.url, gateway.page]).toEqual([undefined, undefined, undefined]);
  expect(parsed.resource.aws_secretsmanager_secret).toBeUndefined();
});
it("takes a password that exists", () => {
  const { gateway, parsed } = build({ passwordSecretArn: SECRET });
  expect(gateway.passwordSecretArn).toBe(SECRET);
  expect(parsed.resource.aws_secretsmanager_secret).toBeUndefined();
});
it("tells people of what fails", () => {
  const { gateway, one } = build({ alarms: true, alertEmails: ["ops@example.com"] });
  expect(gateway.alertTopicArn).toBeDefined();
  expect(one(SnsTopic).name).toBe("dev-fossa-alerts");
});
it("lets people in by a VPN, by mutual certificates", () => {
  expect(build({ vpn: VPN }).one(Ec2ClientVpnEndpoint)).toMatchObject({
    client_cidr_block: "10.12.0.0/22",
    split_tunnel: true,
  });
  expect(build({ vpn: { ...VPN, clientCidr: "192.169.0.0/22" } }).gateway.vpn).toBeDefined(); // beside the VPC's block
});

rejects(
  "test/gateway",
  [
    ["name", { name: "x" }, "at least 3"],
    ["vpn.clientCidr", { vpn: { ...VPN, clientCidr: "192.168.252.0/22" } }, "overlap 192.168.0.0/16"],
    ["vpn.clientCidr", { vpn: { ...VPN, clientCidr: "10.12.0.0/23" } }, "/12 to /22"],
    ["name", { name: "a".repeat(25) }, "at most 24"],
    ["region", { region: "here" }, "region"],
    ["network", { network: {} as never }, "a Network"],
    ["egress", { egress: "nat" as never }, "nat-instance, nat-gateway, vpc-endpoints"],
    ["architecture", { architecture: "RISCV" as never }, "X86_64, ARM64"],
    ["workerPort", { workerPort: 0 }, "at least 1"],
    ["workerPort", { workerPort: 65536 }, "at most 65535"],
    ["page", { page: "lambda" as never }, "host, container, none"],
    ["tls", { page: "container", pageImage: IMAGE }, "is required where page is container"],
    ["tls", { page: "none", ...TLS }, "must be left out where page is none"],
    ["tls.certificateArn", { tls: {} }, "domainName"],
    ["tls.hostedZoneId", { tls: { domainName: "fossa.example.com" } }, "is required with domainName"],
    ["passwordSecretArn", { page: "none", passwordSecretArn: SECRET }, "must be left out where page is none"],
    ["passwordSecretArn", { passwordSecretArn: "mine" }, "ARN of a secret"],
    ["passwordVersion", { passwordVersion: 0 }, "at least 1"],
    ["alertEmails", { alertEmails: ["ops@example.com"] }, "must be left out where alarms is off"],
    ["alertEmails[0]", { alarms: true, alertEmails: ["ops"] }, "e-mail address"],
    ["image", { image: undefined }, "is required where imageBuild is prebuilt"],
    ["image", { image: "mine:latest" }, "latest"],
    ["image", { imageBuild: "codebuild" }, "must be left out where imageBuild is codebuild"],
    ["imageFolder", { imageFolder: "mine" }, "must be left out where imageBuild is prebuilt"],
    ["repositoryName", { repositoryName: "mine" }, "must be left out where imageBuild is prebuilt"],
    ["pageImage", { pageImage: IMAGE }, "must be left out unless"],
    ["pageImage", { page: "container", ...TLS }, "is required where imageBuild is prebuilt and page is container"],
    ["imageBuild", { imageBuild: "gateway", image: undefined, page: "container", ...TLS }, "codebuild or prebuilt"],
    ["repository.keepImages", { repository: { keepImages: 0 } }, "at least 1"],
    ["rootVolumeSize", { rootVolumeSize: 7 }, "at least 8"],
    ["egressPorts", { egressPorts: [] }, "at least 1"],
    ["allowedCidrs[0]", { allowedCidrs: ["10.0.0.1/24"] }, "host bits"],
    ["ssh[0]", { ssh: ["0.0.0.0/0"] }, "whole internet"],
  ] as BadInput<Partial<FossaGatewayProps>>[],
  (scope, props) => new FossaGateway(scope, "gateway", { ...PLACE, ...PREBUILT, ...props }),
);
