import { z } from "zod";
import { checkedBy } from "../../modules/common/settings/checked-by";
import { tagValueSchema } from "../../modules/common/settings/tags";
import type { MlEc2Props } from "../../modules/ml-ec2/ml-ec2";
import type { NetworkSettings } from "../../modules/network/network";

/** Settings of the machines; the stack adds the rest. */
export type MachineSettings = Omit<MlEc2Props, "environment" | "region" | "network" | "replicaProvider" | "tags">;

/** Value of a tag that is there. */
const tagSchema = tagValueSchema.min(1);

/** ML EC2: training machines. */
export const mlEc2Schema = z.strictObject({
  /** VPC of the machines; 10.0.0.0/16 with two public and two private subnets when absent. */
  network: checkedBy<NetworkSettings>().default({}),
  /** The machines, their buckets, permissions, logs and alarms. */
  machines: checkedBy<MachineSettings>().default({}),
  /** Tag Owner of all resources, 1 to 256 characters. */
  owner: tagSchema.default("ml-team"),
  /** Tag CostCenter of all resources, 1 to 256 characters. */
  costCenter: tagSchema.default("ml-research"),
});

export type MlEc2Settings = z.output<typeof mlEc2Schema>;
