import aws from "../data/aws-ephemeral.json";
import type { Block } from "./schema";

/**
 * Schemas of ephemeral resources, by provider and type. The bindings have none, so those that are used are listed, as in
 * version 5.100.0 of the AWS provider.
 */
export const EPHEMERAL: Record<string, Record<string, Block>> = {
  "registry.terraform.io/hashicorp/aws": aws as unknown as Record<string, Block>, // TypeScript reads the tuples of JSON as arrays,
};
