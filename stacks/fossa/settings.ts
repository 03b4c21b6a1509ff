import { z } from "zod";
import { checkedBy } from "../../modules/common/settings/checked-by";
import { refuse } from "../../modules/common/settings/faults";
import { farmShape } from "../../modules/fargate-fossa/farm";
import { fossaClusterSettings } from "../../modules/fargate-fossa/fossa-cluster";
import { gatewaySettings } from "../../modules/fargate-fossa/fossa-gateway";
import { existingNetworkSchema } from "../../modules/fargate-fossa/fossa-network";
import type { NetworkSettings } from "../../modules/network/network";
import { schema as networkSchema } from "../../modules/network/schema";

/** Network settings of a user; `egress` of the system decides on NAT. */
export type FossaNetworkSettings = Omit<NetworkSettings, "nat" | "natInstanceType" | "diskKmsKeyArn">;

/** Settings of the network where the user has none, in addition to a layout. */
export const networkDefaults = ({ azs, azCount }: FossaNetworkSettings): FossaNetworkSettings => ({
  database: false,
  kubernetesTags: false,
  flowLogs: { logRetentionDays: 7 },
  ...(!azs && azCount === undefined && { azCount: 2 }),
});
const NETWORK_WIRING = { name: "any", nat: "none", natInstanceType: undefined, diskKmsKeyArn: undefined } as const;

/** Fossa: a worker farm on Fargate with its gateway. */
export const fossaSchema = z
  .strictObject({
    /** VPC of workers and gateway; 192.168.0.0/16 with one private subnet when absent. */
    network: checkedBy(networkSchema, NETWORK_WIRING, networkDefaults).default({}),
    /** Existing network to use instead; the network stack is left out. */
    existingNetwork: existingNetworkSchema.optional(),
    /**
     * How workers reach images, AWS and the internet: through the gateway host (`nat-instance`, the cheapest), through
     * `nat-gateway`, or by `vpc-endpoints`, AWS services only.
     */
    egress: farmShape.egress,
    /** Subnets, and NAT gateways with `egress: "nat-gateway"`, in two zones. */
    highAvailability: z.boolean().default(false),
    /** Processor architecture of the workers and their image; `ARM64` costs a fifth less. */
    architecture: farmShape.architecture,
    /** Egress, page and images. */
    gateway: gatewaySettings.default({}),
    /** Workers and broker. */
    cluster: fossaClusterSettings.default({}),
  })
  .superRefine(({ existingNetwork, network, highAvailability, egress }, ctx) => {
    if (egress === "vpc-endpoints" && network.s3Endpoint === false) {
      // Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints"
      refuse(ctx, ["network", "s3Endpoint"], "must be on where egress is vpc-endpoints: images lie in S3, got false");
    }
    if (!existingNetwork) return;
    if (Object.keys(network).length > 0) refuse(ctx, "network", "must be left out with existingNetwork, got settings");
    if (highAvailability) refuse(ctx, "highAvailability", "must be left out with existingNetwork, got true");
  });

export type FossaSettings = z.output<typeof fossaSchema>;
