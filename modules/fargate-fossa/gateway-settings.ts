import { z } from "zod";
import type { Ec2Architecture } from "../aws/ec2/architecture";
import { factsOf } from "../aws/ec2/instance-types";
import { instanceTypeSchema, loginShape } from "../aws/ec2/machine-settings";
import { deploysSchema } from "../aws/image-build/deploys";
import { bucketNameSchema } from "../aws/storage/private-bucket";
import { areDistinct } from "../common/collections";
import { callersSchema, INTERNET, namedCallersSchema } from "../common/settings/allowed-cidrs";
import { secretArnSchema } from "../common/settings/arns";
import { cidrSchema, overlaps } from "../common/settings/cidr";
import { type Issues, refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { objectKeySchema } from "./gateway-app";

const portSchema = z.int().min(1).max(65_535);
const arn = (pattern: RegExp, what: string) => orToken(z.string().regex(pattern, `must be ${what}`));
const bucketShape = {
  /** Bucket that the host reads from. */
  bucketName: orToken(bucketNameSchema),
  bucketArn: arn(/^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$/, "the ARN of a bucket"),
};

/** What a user chooses of the host. */
export const gatewayHostShape = {
  /**
   * Type of the host; `t3.small` when absent, and `t4g.small` for ARM64: the image is Amazon Linux 2023 for whichever
   * architecture the type has. A host that builds images must have that of the images.
   */
  instanceType: instanceTypeSchema.optional(),
  ...loginShape,
  /** GiB of the root volume, 8 to 1000; 20 by default, of which images take the most. */
  rootVolumeSize: z.int().min(8).max(1000).default(20),
  /** Whether EC2 tells its metrics each minute and not every five, which costs extra. */
  detailedMonitoring: z.boolean().default(false),
  /** TCP ports, one to ten, that the private side may reach in the internet; HTTP and HTTPS by default. Add 22 for git. */
  egressPorts: z.array(portSchema).min(1).max(10).refine(areDistinct, "must name each port once").default([80, 443]),
  /**
   * IPv4 blocks, /8 to /32 and at most 15, from which the page is reached; none by default. Without TLS that is plain
   * HTTP with a password, for trusted networks only; with TLS these are for the load balancer, and nobody reaches the
   * host itself. `0.0.0.0/0` is refused without TLS and `allowInternet`.
   */
  allowedCidrs: callersSchema,
  /** Whether `allowedCidrs` may hold `0.0.0.0/0`, everybody; with TLS only. */
  allowInternet: z.boolean().default(false),
  /** IPv4 blocks from which port 22 is reached; none by default: Session Manager needs no open port. */
  ssh: namedCallersSchema("name your own network, or leave it out and use Session Manager"),
  /** Whether an alarm has EC2 move the host, with its id, addresses and volume, when what it runs on fails. */
  autoRecovery: z.boolean().default(true),
};

const appSchema = z.strictObject({
  ...bucketShape,
  /** Key of the program, which stays as it changes: the host looks for another one every minute. */
  key: objectKeySchema,
  /** Secret that holds the password of the page, which only the program itself reads. */
  passwordSecretArn: secretArnSchema,
  /** ECS clusters, at most ten, that the page shows the tasks of. */
  clusterArns: z
    .array(arn(/^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[\w-]{1,255}$/, "the ARN of an ECS cluster"))
    .min(1)
    .max(10),
  /** Port that the page listens on; 80 when absent, and 8080 behind a load balancer with TLS. */
  port: portSchema.optional(),
  /** Port that workers answer on. */
  workerPort: portSchema.default(2345),
  /** How the ECS group of worker tasks begins; what the program takes for itself when absent. */
  workerGroup: z
    .string()
    .regex(/^[\w:-]{1,255}$/, "must be the beginning of a task group such as service:fossa")
    .optional(),
  /** Whether tasks can be posted from the page; with TLS only. */
  postEnabled: z.boolean().default(false),
});

const buildSchema = z.strictObject({
  ...bucketShape,
  /** Beginning of the keys `<prefix>/tag`, which holds the tag that there should be, and `<prefix>/<tag>.zip`, its source. */
  prefix: objectKeySchema,
  /** Repository that images are pushed to. */
  repositoryUrl: orToken(
    z
      .string()
      .regex(
        /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[a-z0-9._/-]{2,256}$/,
        "must be the URL of an ECR repository, without a tag",
      ),
  ),
  repositoryArn: arn(
    /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9._/-]+$/,
    "the ARN of an ECR repository",
  ),
  /** Service that starts anew, from its newest revision, when its image is there; none when absent. */
  deploys: deploysSchema.required({ roleNames: true }).optional(),
});

const resourceId = (prefix: string, what: string) =>
  orToken(z.string().regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `must be the id of ${what}`));

/** What the host is given beside a user's choices. */
export const gatewayContextShape = {
  /** Beginning of the names of all that is made: 3 to 40 lower-case letters, digits and hyphens. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, "must be 3 to 40 lower-case letters, digits and hyphens, a letter first"),
  vpcId: resourceId("vpc", "a VPC"),
  /** Public subnet that the host stands in. */
  subnetId: resourceId("subnet", "a subnet"),
  /** Whether it is the way out of the private subnets. */
  nat: z.boolean(),
  /** Literal blocks, /16 to /28, that it lets out, where it is the NAT. */
  privateCidrBlocks: z.array(cidrSchema(16, 28)).max(20).default([]),
  /** Tables that get a default route to it, where it is the NAT. */
  privateRouteTableIds: z.array(resourceId("rtb", "a route table")).max(20).default([]),
  /** Whether a load balancer that ends TLS stands before the page. */
  tls: z.boolean().default(false),
  /** Architecture of the images that it builds, and of its own default type. */
  architecture: z.enum(["X86_64", "ARM64"]).default("X86_64"),
  /** The page; `false`: none. */
  app: z.union([z.literal(false), appSchema], { error: "must be false or an object of settings" }),
  /** Images that it builds; none when absent. */
  build: buildSchema.optional(),
  /** SNS topics, at most five, that hear when a status check of the host fails and when that is over. */
  alarmTopicArns: z
    .array(arn(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, "the ARN of an SNS topic"))
    .max(5) // CloudWatch API reference, PutMetricAlarm: AlarmActions
    .default([]),
};

const settings = z.object({ ...gatewayHostShape, ...gatewayContextShape });
export type GatewaySettings = z.output<typeof settings>;
export type AppSettings = z.output<typeof appSchema>;
export type BuildSettings = z.output<typeof buildSchema>;

/** Rules of one group that the host makes at most: Amazon VPC quotas, 60 each way, of which a load balancer takes one. */
const MAX_RULES = 59;

export const ARCHITECTURES = { X86_64: "x86_64", ARM64: "arm64" } as const;

/** Type of the host, and the architecture of its image. */
export function hardwareOf({ instanceType, architecture }: Pick<GatewaySettings, "instanceType" | "architecture">) {
  const type = instanceType ?? (architecture === "ARM64" ? "t4g.small" : "t3.small");
  return { instanceType: type, architecture: factsOf(type).architecture as Ec2Architecture };
}

/** Port that the page listens on. */
export const portOf = ({ port }: Pick<AppSettings, "port">, tls: boolean): number => port ?? (tls ? 8080 : 80);

/** Rules across the settings of the host. */
export function checkGatewayHost(given: GatewaySettings, ctx: z.RefinementCtx): void {
  checkTasks(given, ctx);
  checkCallers(given, ctx);
  checkHardware(given, ctx);
}

function checkTasks(
  { nat, app, build, privateCidrBlocks: blocks, privateRouteTableIds, tls }: GatewaySettings,
  ctx: Issues,
) {
  if (!nat && !app && !build)
    refuse(ctx, "nat", "must be true where there is neither app nor build, as nothing is left to do, got false");
  if (nat && blocks.length === 0)
    refuse(ctx, "privateCidrBlocks", "must name whom it lets out where nat is true, got none");
  if (nat && privateRouteTableIds.length === 0) {
    refuse(ctx, "privateRouteTableIds", "must name the tables that lead to it where nat is true, got none");
  }
  blocks.forEach((block, index) => {
    const other = blocks.slice(0, index).find((earlier) => overlaps(earlier, block));
    if (other) refuse(ctx, ["privateCidrBlocks", index], `must not overlap ${other}, got ${block}`);
  });
  const postEnabled = app ? app.postEnabled : false;
  if (postEnabled && !tls) refuse(ctx, ["app", "postEnabled"], "must be off without TLS, got true");
}

function checkCallers(given: GatewaySettings, ctx: Issues) {
  const { allowedCidrs, allowInternet, ssh, tls, nat, privateCidrBlocks, egressPorts } = given;
  const everybody = allowedCidrs.indexOf(INTERNET);
  if (everybody >= 0 && !(tls && allowInternet)) {
    const advice = tls ? "name your own network, or set allowInternet to true" : "name your own network, or use TLS";
    refuse(ctx, ["allowedCidrs", everybody], `must not be the whole internet: ${advice}, got ${INTERNET}`);
  }
  if (allowInternet && !tls) refuse(ctx, "allowInternet", "must be off without TLS, got true");
  const out = nat ? privateCidrBlocks.length * egressPorts.length : 0;
  const rules = out + ssh.length + (tls ? 0 : allowedCidrs.length);
  if (rules > MAX_RULES) {
    const what = `must be fewer, or the blocks: with them the security group has ${rules} rules in`;
    refuse(ctx, "egressPorts", `${what} and AWS takes ${MAX_RULES}, got ${egressPorts.join(", ")}`);
  }
}

function checkHardware({ instanceType, architecture, build, autoRecovery }: GatewaySettings, ctx: Issues) {
  if (!instanceType) return;
  const own = factsOf(instanceType).architecture;
  if (!own)
    refuse(ctx, "instanceType", `must be of a family whose architecture this project knows, got ${instanceType}`);
  if (own && build && own !== ARCHITECTURES[architecture]) {
    refuse(
      ctx,
      "instanceType",
      `must have the architecture of the images that it builds, ${architecture}, got ${instanceType}`,
    );
  }
  if (autoRecovery && /\.metal/.test(instanceType)) {
    // Source: EC2 User Guide, "Configure CloudWatch action based recovery", requirements
    refuse(ctx, "autoRecovery", `must be off for ${instanceType}, a whole host that EC2 cannot move off, got true`);
  }
}
