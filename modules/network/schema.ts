import { z } from "zod";
import { areDistinct } from "../common/collections";
import { cidrSchema } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { tagsSchema } from "../common/settings/tags";
import { serviceSchema } from "./endpoint-service";
import { flowLogsSchema } from "./flow-logs";
import { NAT_INSTANCE_TYPES } from "./nat-instance";
import { faultsOf } from "./rules";

/** Tags of a user on a subnet; AWS takes 50 in all, of which ten stay for the network's own and the provider's. */
const subnetTags = tagsSchema.refine((tags) => Object.keys(tags).length <= 40, {
  error: ({ input }) => `must have at most 40 tags, got ${Object.keys(input as object).length}`,
});

const tierShape = {
  /**
   * Literal blocks inside `cidr`, /16 to /28, one per subnet; subnet i lies in zone i mod the number of zones.
   * Computed, one per zone, when absent. At most 60, which keeps the tiers under AWS's quota of 200 subnets per VPC.
   */
  cidrs: z.array(cidrSchema(16, 28)).min(1).max(60).optional(),
  /** Tags of each subnet beside its name, such as `karpenter.sh/discovery`; these win over the network's own. */
  tags: subnetTags.default({}),
};
const tier = z.strictObject(tierShape);
const publicTier = z.strictObject({
  ...tierShape,
  /** Whether a machine gets a public address without asking; off, so that each public address is a decision. */
  mapPublicIpOnLaunch: z.boolean().default(false),
});
const orOff = <S extends z.ZodType>(schema: S) =>
  z.union([z.literal(false), schema], { error: "must be false or an object of settings" });
const on = <T>(value: T | false) => value || undefined;

/** Blocks that no VPC can have. Source: RFC 6890. */
const RESERVED = /^(0|127|169\.254|22[4-9]|2[3-5]\d)\./;

/** `us-east-1a`; the names of Local Zones and Wavelength Zones are longer. */
const ZONE_NAME = /^[a-z]{2}(-[a-z]+)+-\d+[a-z]$/;

const shape = z.strictObject({
  /** Name of the VPC and prefix of all names in it: letters, digits, hyphens, 3 to 63. */
  name: z
    .string()
    .min(3)
    .max(63)
    .regex(/^[A-Za-z0-9-]*$/, "must have only letters, digits and hyphens"),
  /** Main IPv4 block, /16 to /24. Keep off 172.17.0.0/16, which Docker uses, and off the blocks of VPCs to peer with. */
  cidr: cidrSchema(16, 24)
    .refine((cidr) => !RESERVED.test(cidr), "must not lie in a reserved range; use one of 10.0.0.0/8")
    .default("10.0.0.0/16"),
  /** How many zones to spread over, 2 to 6; 3 by default, or the number of `azs`. */
  azCount: z.number().int().min(2).max(6).optional(),
  /** Names of the zones. When absent, the first `azCount` that the region has: name them to keep off later changes there. */
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
  /** Zone ids (not names) to keep off; those that hold no EKS control plane by default. Not with `azs`. */
  excludeZoneIds: z
    .array(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*-az\d+$/, "must be a zone id such as use1-az3"))
    .optional(),
  /** Bits that a computed subnet block adds to the prefix of `cidr`, 2 to 12; 4 by default, 5 with six zones. */
  subnetNewbits: z.number().int().min(2).max(12).optional(),
  /** Tier with a route from and to the internet, for load balancers and NAT; `false` turns it off. */
  public: orOff(publicTier).prefault({}).transform(on),
  /** Tier for machines and pods, whose way out is `nat`; `false` turns it off. */
  private: orOff(tier).prefault({}).transform(on),
  /** Tier for databases, with a route to nowhere but the VPC, and its RDS subnet group; `false` turns it off. */
  database: orOff(tier).prefault({}).transform(on),
  /**
   * Way out of the private tier. `single` (default, cheapest): one NAT gateway, which fails with its zone. `perAz`: one in
   * each zone. `regional`: one gateway that AWS spreads over the zones, without public subnets; needs AWS provider 6.24
   * or later. `instance`: one small machine that translates addresses, cheaper still and less reliable: while it is down
   * or made anew, nobody gets out. `none`: no way out but the endpoints.
   */
  nat: z.enum(["none", "single", "perAz", "regional", "instance"]).default("single"),
  /** Type of the machine where `nat` is `instance`, a Graviton one; `t4g.nano` when absent. */
  natInstanceType: z.enum(NAT_INSTANCE_TYPES).optional(),
  /** Second block, /16 to /28, with one subnet per zone for pods, on the private tables; mostly from 100.64.0.0/10. */
  podCidr: cidrSchema(16, 28).optional(),
  /** Whether S3 is reached by a gateway endpoint (free) instead of NAT. */
  s3Endpoint: z.boolean().default(true),
  /** Whether DynamoDB is reached by a gateway endpoint (free) instead of NAT. */
  dynamodbEndpoint: z.boolean().default(false),
  /** Services to reach by an interface endpoint (paid by the hour and zone), such as `ecr.api`, `ecr.dkr`, `sts`, `logs`. */
  interfaceEndpoints: z
    .array(serviceSchema)
    .max(50) // Amazon VPC quotas: interface and Gateway Load Balancer endpoints per VPC
    .refine(areDistinct, "must name each service once")
    .default([]),
  /** Record of the traffic in CloudWatch Logs; none when absent. */
  flowLogs: flowLogsSchema.optional(),
  /** Whether subnets carry the tags by which Kubernetes finds them for load balancers and for pod addresses. */
  kubernetesTags: z.boolean().default(true),
});

/** Settings of a network; `parseProps` checks them by this. */
export const schema = shape
  .transform((settings) => ({ ...settings, zoneCount: settings.azs?.length ?? settings.azCount ?? 3 }))
  .superRefine((settings, ctx) => {
    for (const fault of faultsOf(settings)) refuse(ctx, fault.path, fault.message);
  });

export type NetworkProps = z.input<typeof schema>;
/** What a user sets; the stack gives the name. */
export type NetworkSettings = Omit<NetworkProps, "name">;
