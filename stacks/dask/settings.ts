import { z } from "zod";
import { clientVpnSettings } from "../../modules/aws/client-vpn/client-vpn";
import { sharedLoadBalancerSettings } from "../../modules/aws/load-balancer/shared-load-balancer";
import { accessLogsSchema } from "../../modules/aws/storage/access-log-bucket";
import { privateBucketSettings } from "../../modules/aws/storage/private-bucket";
import { checkedBy } from "../../modules/common/settings/checked-by";
import { refuse } from "../../modules/common/settings/faults";
import { existingNetworkShape } from "../../modules/network/existing-network";
import type { NetworkSettings } from "../../modules/network/network";
import { schema as networkSchema } from "../../modules/network/schema";
import { agentSchema } from "./agent-settings";
import { containerSchema } from "./container-settings";

/** A bucket of the flows, whose access logs are those of `bucketLogs`. */
const flowBucketSettings = privateBucketSettings.superRefine((bucket, ctx) => {
  if (bucket.accessLogsBucket === undefined) return;
  refuse(ctx, "accessLogsBucket", "must be left out, as bucketLogs has the access logs of both buckets, got a bucket");
});
export type DaskBucketSettings = z.output<typeof flowBucketSettings>;

/** Layout of the reference, in two zones. Nothing but NAT and load balancers is meant for the public subnets. */
const LAYOUT: NetworkSettings = {
  cidr: "10.0.0.0/16",
  public: { cidrs: ["10.0.0.0/24", "10.0.1.0/24"], mapPublicIpOnLaunch: true },
  private: { cidrs: ["10.0.2.0/24", "10.0.3.0/24"] },
};
/** Services that tasks call to start and to start others: without NAT's charge for each byte, and without the internet. */
const ENDPOINTS = ["ecr.api", "ecr.dkr", "ecs", "logs", "secretsmanager", "sts"];

/** Settings of the network where the user has none. */
export const networkDefaults = ({ cidr, azs, azCount }: NetworkSettings): NetworkSettings => ({
  ...(!cidr && (azs?.length ?? azCount ?? 2) === 2 && LAYOUT),
  database: false,
  kubernetesTags: false,
  nat: "perAz",
  interfaceEndpoints: ENDPOINTS,
  flowLogs: {},
  ...(!azs && azCount === undefined && { azCount: 2 }),
});

const { vpcId, vpcCidrBlocks, privateSubnetIds } = existingNetworkShape;

/** Dask and Prefect: five layers, of which those that are left out leave no trace. */
export const daskSchema = z
  .strictObject({
    /** VPC of all layers; 10.0.0.0/16 with two public and two private subnets of 256 addresses when absent. */
    network: checkedBy(networkSchema, { name: "any" }, networkDefaults).default({}),
    /** Existing network to use instead; the network stack then holds the buckets only. */
    existingNetwork: z.strictObject({ vpcId, vpcCidrBlocks, privateSubnetIds }).optional(),
    /** Bucket that flows write their results to. */
    outputBucket: flowBucketSettings.default({}),
    /** Bucket of the models that flows train and use. */
    modelBucket: flowBucketSettings.default({}),
    /** Access logs of both buckets, in a third one; `false` for none. */
    bucketLogs: z
      .union([z.literal(false), accessLogsSchema], { error: "must be false or an object of settings" })
      .prefault({}),
    /** Way in for people, by Client VPN; none when absent. */
    vpn: clientVpnSettings.optional(),
    /** Internal load balancer for pages such as Dask's dashboards; none when absent. */
    loadBalancing: sharedLoadBalancerSettings.optional(),
    /** Dask on ECS. */
    container: containerSchema.prefault({}),
    /** Prefect's workers, and optionally its server; none when absent. */
    agent: agentSchema.optional(),
  })
  .superRefine(({ existingNetwork, network, vpn }, ctx) => {
    if ((vpn?.samlProviderArn || vpn?.activeDirectory) && Object.keys(vpn.groups ?? {}).length === 0) {
      const why = "without a group everybody of the company who signs in would reach the network";
      refuse(ctx, ["vpn", "groups"], `must name who is let in where people sign in: ${why}, got none`);
    }
    if (existingNetwork && Object.keys(network).length > 0) {
      refuse(ctx, "network", "must be left out with existingNetwork, got settings");
    }
  });

export type DaskSettings = z.output<typeof daskSchema>;
