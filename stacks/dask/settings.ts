import { z } from "zod";
import type { ClientVpnProps } from "../../modules/aws/client-vpn/client-vpn";
import type { SharedLoadBalancerSettings } from "../../modules/aws/load-balancer/shared-load-balancer";
import { accessLogsSchema } from "../../modules/aws/storage/access-log-bucket";
import type { PrivateBucketProps } from "../../modules/aws/storage/private-bucket";
import { checkedBy } from "../../modules/common/settings/checked-by";
import { refuse } from "../../modules/common/settings/faults";
import { existingNetworkShape } from "../../modules/network/existing-network";
import type { NetworkSettings } from "../../modules/network/network";
import { agentSchema } from "./agent-settings";
import { containerSchema } from "./container-settings";

/** Settings of a bucket of the flows; the stack names it. */
export type DaskBucketSettings = Omit<PrivateBucketProps, "bucketPrefix" | "accessLogsBucket" | "provider">;

/** Settings of the VPN; the stack adds name, network and subnets, and a block for the clients. */
export type DaskVpnSettings = Omit<ClientVpnProps, "name" | "network" | "subnetIds" | "clientCidr"> &
  Partial<Pick<ClientVpnProps, "clientCidr">>;

const { vpcId, vpcCidrBlocks, privateSubnetIds } = existingNetworkShape;

/** Dask and Prefect: five layers, of which those that are left out leave no trace. */
export const daskSchema = z
  .strictObject({
    /** VPC of all layers; 10.0.0.0/16 with two public and two private subnets of 256 addresses when absent. */
    network: checkedBy<NetworkSettings>().default({}),
    /** Existing network to use instead; the network stack then holds the buckets only. */
    existingNetwork: z.strictObject({ vpcId, vpcCidrBlocks, privateSubnetIds }).optional(),
    /** Bucket that flows write their results to. */
    outputBucket: checkedBy<DaskBucketSettings>().default({}),
    /** Bucket of the models that flows train and use. */
    modelBucket: checkedBy<DaskBucketSettings>().default({}),
    /** Access logs of both buckets, in a third one; `false` for none. */
    bucketLogs: z
      .union([z.literal(false), accessLogsSchema], { error: "must be false or an object of settings" })
      .prefault({}),
    /** Way in for people, by Client VPN; none when absent. */
    vpn: checkedBy<DaskVpnSettings>().optional(),
    /** Internal load balancer for pages such as Dask's dashboards; none when absent. */
    loadBalancing: checkedBy<SharedLoadBalancerSettings>().optional(),
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
