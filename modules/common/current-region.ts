import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import type { Construct } from "constructs";

/** Name of the provider's region, read in `scope` under the id `region`. */
export const currentRegion = (scope: Construct): string => new DataAwsRegion(scope, "region").id; // the only attribute that providers 5 and 6 have in common
