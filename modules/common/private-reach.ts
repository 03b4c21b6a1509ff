import { z } from "zod";

/**
 * What the private subnets of a network reach outside it: everything, through NAT, or only these services of AWS, by
 * endpoints. Services are called as in `interfaceEndpoints`, and `s3` and `dynamodb`.
 */
export type PrivateReach = "everything" | readonly string[];

/** The same as a prop of a construct that gets no more than ids of a network; nothing is known when absent. */
export const privateReachSchema = z.union([z.literal("everything"), z.array(z.string()).readonly()]).optional();

/** The services among `needed` that private subnets do not reach; none where nothing is known of a network. */
export const unreached = (reach: PrivateReach | undefined, needed: readonly string[]): string[] =>
  reach === undefined || reach === "everything" ? [] : needed.filter((service) => !reach.includes(service)).sort();
