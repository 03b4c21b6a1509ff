import { z } from "zod";
import { areDistinct } from "../common/collections";
import { allowReplacementShape } from "../common/lasting-settings";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { cidrSchema } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { tagsSchema } from "../common/settings/tags";
import { endpointPoliciesSchema } from "./endpoint-policies";
import { serviceSchema } from "./endpoint-service";
import { flowLogsSchema } from "./flow-logs";
import { NAT_INSTANCE_TYPES } from "./nat-instance";
import { faultsOf } from "./rules";

/** User's tags on a subnet: of AWS's 50, ten are left for tags of the network and the provider. */
const subnetTags = tagsSchema.refine((tags) => Object.keys(tags).length <= 40, {
  error: ({ input }) => `must have at most 40 tags, got ${Object.keys(input as object).length}`,
});

const tierShape = {
  /**
   * Literal blocks inside `cidr`, /16 to /28, one per subnet; subnet i is in zone i mod the number of zones. Computed, one
   * per zone, when absent. At most 60, to stay within AWS's quota of 200 subnets per VPC.
   */
  cidrs: z.array(cidrSchema(16, 28)).min(1).max(60).optional(),
  /** Further tags of each subnet, such as `karpenter.sh/discovery`; they override the network's own. */
  tags: subnetTags.default({}),
};
const tier = z.strictObject(tierShape);
const publicTier = z.strictObject({
  ...tierShape,
  /** Assign public addresses to instances by default. */
  mapPublicIpOnLaunch: z.boolean().default(false),
});
const orOff = <S extends z.ZodType>(schema: S) =>
  z.union([z.literal(false), schema], { error: "must be false or an object of settings" });
const on = <T>(value: T | false) => value || undefined;

/** Ranges that a VPC cannot use. Source: RFC 6890. */
const RESERVED = /^(0|127|169\.254|22[4-9]|2[3-5]\d)\./;

/** `us-east-1a`; the names of Local Zones and Wavelength Zones are longer. */
const ZONE_NAME = /^[a-z]{2}(-[a-z]+)+-\d+[a-z]$/;

const shape = z.strictObject({
  /** Name of the VPC and prefix of the names in it: 3 to 63 letters, digits and hyphens. */
  name: z
    .string()
    .min(3)
    .max(63)
    .regex(/^[A-Za-z0-9-]*$/, "must have only letters, digits and hyphens"),
  /** Primary IPv4 block, /16 to /24. Avoid Docker's 172.17.0.0/16 and the blocks of VPCs to peer with. */
  cidr: cidrSchema(16, 24)
    .refine((cidr) => !RESERVED.test(cidr), "must not lie in a reserved range; use one of 10.0.0.0/8")
    .default("10.0.0.0/16"),
  /** Number of zones, 2 to 6; 3 or the number of `azs` when absent. */
  azCount: z.number().int().min(2).max(6).optional(),
  /** Zone names; the region's first `azCount` zones when absent. Name them to be independent of new zones in the region. */
  azs: z
    .array(z.string().regex(ZONE_NAME, "must be the name of an availability zone such as us-east-1a"))
    .min(2)
    .max(6)
    .superRefine((azs, ctx) => {
      const got = azs.join(", ");
      if (!areDistinct(azs)) refuse(ctx, [], `must name each zone once, got ${got}`);
      if (new Set(azs.map((az) => az.slice(0, -1))).size > 1)
        refuse(ctx, [], `must be zones of one region, got ${got}`);
    })
    .optional(),
  /** Ids (not names) of zones to avoid; when absent, those that do not support EKS control planes. Not with `azs`. */
  excludeZoneIds: z
    .array(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*-az\d+$/, "must be a zone id such as use1-az3"))
    .optional(),
  /** Bits that a computed subnet adds to the prefix of `cidr`, 2 to 12; when absent 4, or 5 with six zones. */
  subnetNewbits: z.number().int().min(2).max(12).optional(),
  /** Tier with a route to the internet gateway, for load balancers and NAT; `false` turns it off. */
  public: orOff(publicTier).prefault({}).transform(on),
  /** Tier for machines and pods, with egress through `nat`; `false` turns it off. */
  private: orOff(tier).prefault({}).transform(on),
  /** Tier for databases, without routes out of the VPC, and its RDS subnet group; `false` turns it off. */
  database: orOff(tier).prefault({}).transform(on),
  /**
   * Egress of the private tier. `single`: one NAT gateway, which fails with its zone. `perAz`: one per zone. `regional`: one
   * gateway that AWS spreads over the zones, without public subnets; needs AWS provider 6.24 or later. `instance`: one NAT
   * instance, cheaper than a gateway but less reliable: no egress while it is down or being replaced. `none`: endpoints only.
   */
  nat: z.enum(["none", "single", "perAz", "regional", "instance"]).default("single"),
  /** Graviton type of the NAT instance, if `nat` is `instance`; `t4g.nano` when absent. */
  natInstanceType: z.enum(NAT_INSTANCE_TYPES).optional(),
  /** KMS key of its disk, which who deploys must be allowed to use; EBS's own key when absent. Changing it replaces the instance. */
  diskKmsKeyArn: kmsKeyArnSchema.optional(),
  /** Secondary block for pods, /16 to /28, with one subnet per zone on the private route tables; usually of 100.64.0.0/10. */
  podCidr: cidrSchema(16, 28).optional(),
  /** Gateway endpoint for S3, free, instead of NAT. */
  s3Endpoint: z.boolean().default(true),
  /** Gateway endpoint for DynamoDB, free, instead of NAT. */
  dynamodbEndpoint: z.boolean().default(false),
  /** Services with an interface endpoint, billed per hour and zone, such as `ecr.api`, `ecr.dkr`, `sts`, `logs`. */
  interfaceEndpoints: z
    .array(serviceSchema)
    .max(50) // Amazon VPC quotas: interface and Gateway Load Balancer endpoints per VPC
    .refine(areDistinct, "must name each service once")
    .default([]),
  /**
   * Endpoint policies by service (`s3`, `dynamodb`, or one of `interfaceEndpoints`), as statements in IAM's spelling; the
   * default of AWS, which allows everything, when absent. They restrict what machines reach through the endpoint: pulls
   * from ECR and updates of Amazon Linux need buckets of AWS's too. To take one back write `Action: "*"`, as an endpoint
   * keeps its policy when none is written.
   */
  endpointPolicies: endpointPoliciesSchema,
  /** VPC flow logs in CloudWatch Logs; none when absent. */
  flowLogs: flowLogsSchema.optional(),
  /** Tag subnets for Kubernetes, for load balancers and pod addresses. */
  kubernetesTags: z.boolean().default(true),
  ...allowReplacementShape,
});

/** Schema of a network's settings. */
export const schema = shape
  .transform((settings) => ({ ...settings, zoneCount: settings.azs?.length ?? settings.azCount ?? 3 }))
  .superRefine((settings, ctx) => {
    for (const fault of faultsOf(settings)) refuse(ctx, fault.path, fault.message);
  });

export type NetworkProps = z.input<typeof schema>;
/** Settings of a user; the stack adds the name. */
export type NetworkSettings = Omit<NetworkProps, "name">;
