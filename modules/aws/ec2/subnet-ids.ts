import { Token } from "cdktf";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { requiredString } from "../../common/settings/props";

/** Distinct subnets, known one by one: a token for the whole list has no length to check and no element to name. */
export const subnetIdsSchema = z
  .array(requiredString)
  .refine(areDistinct, "must not name a subnet twice")
  .refine((ids) => !Token.isUnresolved(ids), "must be a list of subnets, each an element of its own, got a token");
