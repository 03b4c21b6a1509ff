import { z } from "zod";
import { checkedBy } from "../../modules/common/settings/checked-by";
import { tagValueSchema } from "../../modules/common/settings/tags";
import { mlEc2Settings } from "../../modules/ml-ec2/ml-ec2";
import type { NetworkSettings } from "../../modules/network/network";
import { schema as networkSchema } from "../../modules/network/schema";

/** Default layout, that of the reference. */
const LAYOUT: NetworkSettings = {
  cidr: "10.0.0.0/16",
  azCount: 2,
  public: { cidrs: ["10.0.1.0/24", "10.0.2.0/24"] },
  private: { cidrs: ["10.0.11.0/24", "10.0.12.0/24"] },
};

/** Settings of the network where the user has none. */
export const networkDefaults = ({ cidr }: NetworkSettings): NetworkSettings => ({
  ...(cidr ? {} : LAYOUT),
  database: false,
  kubernetesTags: false,
  flowLogs: { logRetentionDays: 7 },
});

/** Value of a tag that is there. */
const tagSchema = tagValueSchema.min(1);

/** ML EC2: training machines. */
export const mlEc2Schema = z.strictObject({
  /** VPC of the machines; 10.0.0.0/16 with two public and two private subnets when absent. */
  network: checkedBy(networkSchema, { name: "any" }, networkDefaults).default({}),
  /** The machines, their buckets, permissions, logs and alarms. */
  machines: mlEc2Settings.default({}),
  /** Tag Owner of all resources, 1 to 256 characters. */
  owner: tagSchema.default("ml-team"),
  /** Tag CostCenter of all resources, 1 to 256 characters. */
  costCenter: tagSchema.default("ml-research"),
});

export type MlEc2Settings = z.output<typeof mlEc2Schema>;
