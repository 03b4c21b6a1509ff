import { z } from "zod";
import { containerArchitectureSchema, toEc2Architecture } from "../aws/ec2/architecture";
import { factsOf } from "../aws/ec2/instance-types";
import { instanceTypeSchema, loginShape } from "../aws/ec2/machine-settings";
import { deploysSchema } from "../aws/image-build/deploys";
import { bucketNameSchema } from "../aws/storage/private-bucket";
import { areDistinct } from "../common/collections";
import { callersSchema, INTERNET, namedCallersSchema } from "../common/settings/allowed-cidrs";
import { kmsKeyArnSchema, secretArnSchema } from "../common/settings/arns";
import { cidrSchema, overlaps } from "../common/settings/cidr";
import { type Issues, refuse } from "../common/settings/faults";
import { portSchema } from "../common/settings/port";
import { orToken } from "../common/settings/props";
import { objectKeySchema } from "./gateway-app";

const arn = (pattern: RegExp, what: string) => orToken(z.string().regex(pattern, `must be ${what}`));
const bucketShape = {
  /** Bucket that the host reads. */
  bucketName: orToken(bucketNameSchema),
  bucketArn: arn(/^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$/, "the ARN of a bucket"),
};

/** Settings of the host. */
export const gatewayHostShape = {
  /**
   * Instance type; when absent `t3.small`, or `t4g.small` for ARM64. It runs Amazon Linux 2023 of the type's architecture,
   * which must be that of the images if the host builds them.
   */
  instanceType: instanceTypeSchema.optional(),
  ...loginShape,
  /** Root volume, GiB, 8 to 1000; most of it is for images. */
  rootVolumeSize: z.int().min(8).max(1000).default(20),
  /** KMS key that encrypts the root volume, which who deploys must be allowed to use; EBS's own key when absent. Another key replaces the host. */
  diskKmsKeyArn: kmsKeyArnSchema.optional(),
  /** EC2 metrics every minute instead of every five, at extra cost. */
  detailedMonitoring: z.boolean().default(false),
  /** TCP ports, one to ten, that private machines may use on the internet; add 22 for git over SSH. */
  egressPorts: z.array(portSchema).min(1).max(10).refine(areDistinct, "must name each port once").default([80, 443]),
  /**
   * IPv4 blocks that may reach the page, /8 to /32 and at most 15. Without TLS the page is plain HTTP with a password, for
   * trusted networks only; with TLS they may reach the load balancer, and nobody reaches the host itself. `0.0.0.0/0`
   * requires TLS and `allowInternet`.
   */
  allowedCidrs: callersSchema,
  /** Allow `0.0.0.0/0` in `allowedCidrs`; with TLS only. */
  allowInternet: z.boolean().default(false),
  /** IPv4 blocks that may reach port 22; Session Manager needs no open port. */
  ssh: namedCallersSchema("name your own network, or leave it out and use Session Manager"),
  /** Recover the instance on new hardware, with its id, addresses and volume, when its own fails. */
  autoRecovery: z.boolean().default(true),
};

const appSchema = z.strictObject({
  ...bucketShape,
  /** Object key of the program, which stays when the program changes: the host polls it every minute. */
  key: objectKeySchema,
  /** Secret with the password of the page; only the program reads it. */
  passwordSecretArn: secretArnSchema,
  /** Customer managed key that encrypts the password and the program, if any. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** ECS clusters on the page, at most ten. */
  clusterArns: z
    .array(arn(/^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[\w-]{1,255}$/, "the ARN of an ECS cluster"))
    .min(1)
    .max(10),
  /** Port of the page; when absent 80, or 8080 behind a load balancer with TLS. */
  port: portSchema.optional(),
  /** Port of the workers' API. */
  workerPort: portSchema.default(2345),
  /** Prefix of the ECS group of worker tasks; the program's own default when absent. */
  workerGroup: z
    .string()
    .regex(/^[\w:-]{1,255}$/, "must be the prefix of a task group such as service:fossa")
    .optional(),
  /** Allow posting tasks from the page; with TLS only. */
  postEnabled: z.boolean().default(false),
});

const buildSchema = z.strictObject({
  ...bucketShape,
  /** Key prefix: `<prefix>/tag` holds the wanted tag, `<prefix>/<tag>.zip` its source. */
  prefix: objectKeySchema,
  /** Customer managed key that encrypts these objects, if any. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Repository of the images. */
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
  /** ECS service that is redeployed with its newest revision after a build. */
  deploys: deploysSchema.required({ roleNames: true }).optional(),
});

const resourceId = (prefix: string, what: string) =>
  orToken(z.string().regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `must be the id of ${what}`));

/** Inputs of the host that its caller derives. */
export const gatewayContextShape = {
  /** Prefix of all names: 3 to 40 lower-case letters, digits and hyphens. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, "must be 3 to 40 lower-case letters, digits and hyphens, a letter first"),
  vpcId: resourceId("vpc", "a VPC"),
  /** Public subnet of the host. */
  subnetId: resourceId("subnet", "a subnet"),
  /** Be the NAT of the private subnets. */
  nat: z.boolean(),
  /** Literal source blocks of the NAT, /16 to /28. */
  privateCidrBlocks: z.array(cidrSchema(16, 28)).max(20).default([]),
  /** Route tables that get a default route to the NAT. */
  privateRouteTableIds: z.array(resourceId("rtb", "a route table")).max(20).default([]),
  /** Security groups, by name, that reach the page where no load balancer is in front of it, such as a VPN's. */
  clientSecurityGroupIds: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), resourceId("sg", "a security group"))
    .default({}),
  /** Whether a load balancer terminates TLS for the page. */
  tls: z.boolean().default(false),
  /** Architecture of the images that it builds, and of its default instance type. */
  architecture: containerArchitectureSchema.default("X86_64"),
  /** The page, or `false` for none. */
  app: z.union([z.literal(false), appSchema], { error: "must be false or an object of settings" }),
  /** Images that it builds. */
  build: buildSchema.optional(),
  /** SNS topics, at most five, that are notified when a status check of the host fails or recovers. */
  alarmTopicArns: z
    .array(arn(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, "the ARN of an SNS topic"))
    .max(5) // CloudWatch API reference, PutMetricAlarm: AlarmActions
    .default([]),
};

const schema = z.object({ ...gatewayHostShape, ...gatewayContextShape });
export type GatewaySettings = z.output<typeof schema>;
export type AppSettings = z.output<typeof appSchema>;
export type BuildSettings = z.output<typeof buildSchema>;

/** Most ingress rules of the security group: Amazon VPC quotas, 60 in each direction, one of which a load balancer takes. */
const MAX_RULES = 59;

/** Instance type of the host, and the architecture of its image. */
export function hardwareOf({ instanceType, architecture }: Pick<GatewaySettings, "instanceType" | "architecture">) {
  const type = instanceType ?? (architecture === "ARM64" ? "t4g.small" : "t3.small");
  return { instanceType: type, architecture: factsOf(type).architecture ?? toEc2Architecture(architecture) };
}

/** Port of the page. */
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
    refuse(ctx, "nat", "must be true without app and build, or the host has nothing to do, got false");
  if (nat && blocks.length === 0)
    refuse(ctx, "privateCidrBlocks", "must name the source blocks where nat is true, got none");
  if (nat && privateRouteTableIds.length === 0) {
    refuse(ctx, "privateRouteTableIds", "must name the private route tables where nat is true, got none");
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
  const page = tls ? 0 : allowedCidrs.length + Object.keys(given.clientSecurityGroupIds).length;
  const rules = out + ssh.length + page;
  if (rules > MAX_RULES) {
    const what = `must be fewer, or the blocks: they make ${rules} ingress rules`;
    refuse(ctx, "egressPorts", `${what}, and AWS allows ${MAX_RULES}, got ${egressPorts.join(", ")}`);
  }
}

function checkHardware({ instanceType, architecture, build, autoRecovery }: GatewaySettings, ctx: Issues) {
  if (!instanceType) return;
  const own = factsOf(instanceType).architecture;
  if (!own)
    refuse(ctx, "instanceType", `must be of a family whose architecture this project knows, got ${instanceType}`);
  if (own && build && own !== toEc2Architecture(architecture)) {
    refuse(
      ctx,
      "instanceType",
      `must have the architecture of the images that it builds, ${architecture}, got ${instanceType}`,
    );
  }
  if (autoRecovery && /\.metal/.test(instanceType)) {
    // Source: EC2 User Guide, "Configure CloudWatch action based recovery", requirements
    refuse(
      ctx,
      "autoRecovery",
      `must be off for ${instanceType}, since EC2 does not recover bare-metal instances, got true`,
    );
  }
}
