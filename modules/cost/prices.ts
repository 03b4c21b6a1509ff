import { z } from "zod";
import { newestExtended, SUPPORT_DAY } from "../aws/eks/eks-versions";
import { ec2Prices, ec2Regions } from "./ec2-prices";
import data from "./price-list.json";

/** US dollars. */
const price = z.number().min(0);
const table = z.record(z.string(), price);

const regionSchema = z.strictObject({
  /** Linux, on demand, shared hardware, per hour; the project's own prices if empty. */
  instances: table.default({}),
  /** Per GB-month, IOPS-month and MiB/s-month; snapshots by stored data. */
  ebs: z.strictObject({
    gp2Gb: price,
    gp3Gb: price,
    /** Above 3,000. */
    gp3Iops: price,
    /** Above 125 MiB/s. */
    gp3Mibps: price,
    io1Gb: price,
    io2Gb: price,
    /** Of io1, and of io2 up to 32,000. */
    ioIops: price,
    st1Gb: price,
    sc1Gb: price,
    standardGb: price.optional(),
    snapshotGb: price.optional(),
  }),
  /** Per public address, in use or idle. */
  publicIpv4Hour: price,
  nat: z.strictObject({ hour: price, gb: price }),
  /** Interface endpoint, per zone. */
  endpoint: z.strictObject({ hour: price, gb: price }),
  lb: z.strictObject({ albHour: price, albLcuHour: price, nlbHour: price, nlbLcuHour: price }),
  /** Data to the internet: first tier, and the free amount per month. */
  egress: z.strictObject({ gb: price, freeGb: z.number().min(0) }),
  eks: z.strictObject({
    hour: price,
    /** Surcharge on `hour` for versions in extended support. */
    extendedHour: price,
    /** Surcharge on `hour` by provisioned tier. */
    tierHour: table,
  }),
  fargate: z.strictObject({
    vcpuHour: price,
    gbHour: price,
    armVcpuHour: price,
    armGbHour: price,
    /** Disk above 20 GB. */
    storageGbHour: price,
  }),
  rds: z.strictObject({
    /** PostgreSQL in one zone, per hour. */
    postgres: table,
    gp2Gb: price,
    gp3Gb: price,
    gp3Iops: price.optional(),
    io1Gb: price.optional(),
    io1Iops: price.optional(),
  }),
  /** Per broker instance and hour; storage of RabbitMQ (EBS) and of ActiveMQ (EFS). */
  mq: z.strictObject({ instances: table, ebsGb: price, efsGb: price }).optional(),
  efs: z.strictObject({ gb: price, oneZoneGb: price, provisionedMibps: price }),
  s3: z.strictObject({ standardGb: price, glacierGb: price }),
  cloudwatch: z.strictObject({
    /** Custom metric or metric of detailed monitoring. */
    metric: price,
    /** Per metric of the alarm. */
    alarm: price,
    highResolutionAlarm: price,
    compositeAlarm: price,
    dashboard: price,
    logsIngestGb: price,
    logsStoredGb: price,
  }),
  cloudtrailDataEvent: price,
  kmsKey: price,
  secret: price,
  hostedZone: price,
});

export const pricesSchema = z.strictObject({
  /** Date of the price lists, YYYY-MM-DD. */
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day as YYYY-MM-DD"),
  currency: z.literal("USD"),
  /** Sources of the prices. */
  source: z.array(z.string().min(1)).min(1),
  /** Newest Kubernetes version in extended support; older ones cost the same. */
  eksExtendedUpTo: z.string().regex(/^\d+\.\d+$/, "must be a version such as 1.34"),
  /** Spot price as a fraction of on-demand; samples, since spot prices change hourly. */
  spot: z.strictObject({
    factor: z.number().gt(0).max(1),
    /** By instance family, where a sample is known. */
    families: z.record(z.string(), z.number().gt(0).max(1)),
    fargateFactor: z.number().gt(0).max(1),
  }),
  /** Price table of each region. */
  regions: z.record(z.string(), regionSchema),
});
export type Prices = z.output<typeof pricesSchema>;

/** Prices of a region; those that no list has are undefined. */
export type RegionPrices = Known<z.output<typeof regionSchema>>;
type Known<T> = {
  readonly [Key in keyof T]: T[Key] extends number | undefined
    ? number | undefined
    : T[Key] extends Record<string, number> | undefined
      ? string extends keyof NonNullable<T[Key]>
        ? T[Key] | undefined
        : Known<T[Key]>
      : Known<T[Key]>;
};

/** The project's own price lists, from price-list.json; those of EC2 are a file for each region, see {@link ec2Prices}. */
export const listPrices: Prices = {
  ...data,
  currency: "USD",
  eksExtendedUpTo: newestExtended(SUPPORT_DAY),
  regions: Object.fromEntries(
    Object.entries(data.regions).map(([region, prices]) => [region, { instances: {}, ...prices }]),
  ),
};

/** A region of which nothing is known. */
const UNKNOWN = Object.fromEntries(
  Object.entries(regionSchema.shape).map(([key, schema]) => [key, schema instanceof z.ZodObject ? {} : undefined]),
) as unknown as RegionPrices;

/** Prices of a region as far as the lists know them, EC2's from its own files if the list has none; undefined if nothing is known. */
export function pricesIn(prices: Prices, region: string): RegionPrices | undefined {
  const listed = Object.hasOwn(prices.regions, region) ? prices.regions[region] : undefined;
  if (listed && Object.keys(listed.instances).length > 0) return listed;
  const instances = listed || prices === listPrices ? ec2Prices(region) : undefined;
  return listed || instances ? { ...UNKNOWN, ...listed, instances: instances ?? {} } : undefined;
}

/** Regions with a price list. */
export const pricedRegions = (prices: Prices): string[] =>
  [...new Set([...Object.keys(prices.regions), ...(prices === listPrices ? ec2Regions() : [])])].sort();
