import { z } from "zod";
import { areDistinct } from "../common/collections";
import { checkSids, statementShape } from "../common/iam/statement-schema";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { flowTaskShape } from "./base-job-template";

const bucketArnSchema = orToken(
  z.string().regex(/^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the ARN of a bucket"),
);
const bucketArnsSchema = z.array(bucketArnSchema).max(20).refine(areDistinct, "must name each bucket once").default([]);

const statementSchema = z.strictObject(statementShape).superRefine(({ Resource }, ctx) => {
  if (Resource === undefined) refuse(ctx, "Resource", "is required, got nothing");
});

/** Settings of a work pool: the tasks of its flow runs and what they may do. */
export const poolSchema = z.strictObject({
  ...flowTaskShape,
  /** Buckets that the flows read, by their ARNs, at most 20. */
  readBucketArns: bucketArnsSchema,
  /** Buckets that the flows read and write, by their ARNs, at most 20, beside those of the system. */
  writeBucketArns: bucketArnsSchema,
  /** Further IAM statements of the flows' role. */
  permissions: z.array(statementSchema).superRefine(checkSids).default([]),
  /** Let the flows start Dask clusters, where there is a Dask layer. */
  dask: z.boolean().default(true),
});
export type PoolSettings = z.output<typeof poolSchema>;
