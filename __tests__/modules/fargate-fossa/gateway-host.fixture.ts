import { GatewayHost, type GatewayHostProps } from "../../../modules/fargate-fossa/gateway-host";
import { synth } from "../../support/synth";

export const APP = {
  bucketName: "fossa-programs",
  bucketArn: "arn:aws:s3:::fossa-programs",
  key: "gateway/gateway.mjs",
  passwordSecretArn: "arn:aws:secretsmanager:eu-west-2:123456789012:secret:dev-fossa-page-Ab12Cd",
  clusterArns: ["arn:aws:ecs:eu-west-2:123456789012:cluster/dev-fossa"],
};
export const BUILD = {
  bucketName: "fossa-sources",
  bucketArn: "arn:aws:s3:::fossa-sources",
  prefix: "images/worker",
  repositoryUrl: "123456789012.dkr.ecr.eu-west-2.amazonaws.com/dev-fossa/worker",
  repositoryArn: "arn:aws:ecr:eu-west-2:123456789012:repository/dev-fossa/worker",
};
const PLACE = { name: "dev-fossa", vpcId: "vpc-0123456789abcdef0", subnetId: "subnet-0123456789abcdef0" };
export const NAT = {
  nat: true,
  privateCidrBlocks: ["192.168.2.0/24"],
  privateRouteTableIds: ["rtb-0123456789abcdef0"],
};

/** The way out, and nothing else. */
export const MINIMAL: GatewayHostProps = { ...PLACE, ...NAT, app: false };
/** The way out and the page, as the document has it. */
export const TYPICAL: GatewayHostProps = { ...PLACE, ...NAT, app: APP };
/** The page beside a NAT gateway. */
export const PAGE: GatewayHostProps = { ...PLACE, nat: false, app: APP };
/** Every option. */
export const MAXIMAL: GatewayHostProps = {
  ...PLACE,
  nat: true,
  privateCidrBlocks: ["192.168.2.0/24", "192.168.3.0/24"],
  privateRouteTableIds: ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
  tls: true,
  architecture: "ARM64",
  app: { ...APP, port: 8081, workerPort: 2346, workerGroup: "service:dev-fossa", postEnabled: true },
  build: BUILD,
  instanceType: "t4g.medium",
  keyName: "me",
  rootVolumeSize: 40,
  detailedMonitoring: true,
  egressPorts: [22, 80, 443],
  allowedCidrs: ["0.0.0.0/0"],
  allowInternet: true,
  ssh: ["203.0.113.0/24"],
  autoRecovery: true,
  alarmTopicArns: ["arn:aws:sns:eu-west-2:123456789012:alerts"],
};

/** Synthesizes a host with these settings and gives the construct along with the JSON. */
export function build(props: GatewayHostProps) {
  const made: GatewayHost[] = [];
  const result = synth((stack) => made.push(new GatewayHost(stack, "gateway", props)));
  return { ...result, host: made[0] as GatewayHost };
}

/** Statements of the host's own policies, by the policy's name. */
export const statementsIn = ({ parsed }: ReturnType<typeof build>) =>
  Object.fromEntries(
    Object.values<{ name: string; policy: string }>(parsed.resource.aws_iam_role_policy ?? {}).map(
      ({ name, policy }) => [name, JSON.parse(policy).Statement],
    ),
  );
