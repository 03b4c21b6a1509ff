import { z } from "zod";
import { partitions } from "./data/regions.json";
import { refuse } from "./faults";
import { nearest } from "./props";

/** Regions of each partition of AWS; regions.json names the source. */
const PARTITIONS = Object.entries(partitions).map(([partition, { regions }]) => ({
  partition,
  regions: regions.split(" "),
}));
const REGIONS = PARTITIONS.flatMap(({ regions }) => regions);

/** Partition of a region, such as `aws-cn`; undefined for a region that does not exist. */
export const partitionOf = (region: string): string | undefined =>
  PARTITIONS.find(({ regions }) => regions.includes(region))?.partition;

/** Name of an AWS region, of any partition. */
export const regionSchema = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, { abort: true, error: "must be an AWS region such as us-west-2" })
  .superRefine((region, ctx) => {
    if (partitionOf(region)) return;
    const near = nearest(region, REGIONS);
    refuse(ctx, [], `must be an AWS region that exists, got ${region}${near ? `; did you mean ${near}?` : ""}`);
  });

/** The same, of the partition whose ARNs this project writes: not China, GovCloud or the isolated ones. */
export const commercialRegionSchema = regionSchema.superRefine((region, ctx) => {
  const partition = partitionOf(region);
  if (partition === undefined || partition === "aws") return;
  refuse(
    ctx,
    [],
    `must be a region of the partition aws, as the stacks write ARNs of it, got ${region} of ${partition}`,
  );
});
