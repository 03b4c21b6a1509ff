import { z } from "zod";
import type { FossaClusterSettings } from "../../modules/fargate-fossa/fossa-cluster";
import type { FossaGatewaySettings } from "../../modules/fargate-fossa/fossa-gateway";
import { architectureSchema, egressSchema, existingNetworkSchema } from "../../modules/fargate-fossa/fossa-network";
import type { NetworkSettings } from "../../modules/network/network";
import { checkedBy } from "../checked-by";

/** Network settings of a user; `egress` of the system decides on NAT. */
export type FossaNetworkSettings = Omit<NetworkSettings, "nat" | "natInstanceType">;

/** Fossa: a farm of workers on Fargate with its gateway. */
export const fossaSchema = z
  .strictObject({
    /** VPC of workers and gateway; 192.168.0.0/16 with one private subnet when absent, and flow logs of seven days. */
    network: checkedBy<FossaNetworkSettings>().default({}),
    /** Network that exists already, in place of one of ours; no network stack is made then. */
    existingNetwork: existingNetworkSchema.optional(),
    /**
     * How workers reach images, AWS and the internet: `nat-instance`, through the gateway host (default, cheapest),
     * `nat-gateway`, or `vpc-endpoints`, AWS's services only.
     */
    egress: egressSchema,
    /** Whether the subnets, and NAT gateways where `egress` is `nat-gateway`, are in two zones; off by default. */
    highAvailability: z.boolean().default(false),
    /** Processor of the workers and their image: `X86_64` by default, or `ARM64`, which costs a fifth less. */
    architecture: architectureSchema,
    /** Way out, page and images. */
    gateway: checkedBy<FossaGatewaySettings>().default({}),
    /** Workers and broker. */
    cluster: checkedBy<FossaClusterSettings>().default({}),
  })
  .superRefine(({ existingNetwork, network, highAvailability }, ctx) => {
    if (!existingNetwork) return;
    const fail = (key: string, got: string) =>
      ctx.addIssue({ code: "custom", path: [key], message: `must be left out with existingNetwork, got ${got}` });
    if (Object.keys(network).length > 0) fail("network", "settings");
    if (highAvailability) fail("highAvailability", "true");
  });

export type FossaSettings = z.output<typeof fossaSchema>;
