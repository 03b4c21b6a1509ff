import { z } from "zod";
import type { MlEc2Props } from "../../modules/ml-ec2/ml-ec2";
import type { NetworkSettings } from "../../modules/network/network";
import { checkedBy } from "../checked-by";

/** Settings of the machines; the stack gives the rest. */
export type MachineSettings = Omit<MlEc2Props, "environment" | "region" | "network" | "replicaProvider">;

/** A tag's value: 1 to 256 characters. */
const tag = z.string().min(1).max(256);

/** The training box. */
export const mlEc2Schema = z.strictObject({
  /** VPC of the machines; 10.0.0.0/16 with two public and two private subnets when absent, and flow logs of seven days. */
  network: checkedBy<NetworkSettings>().default({}),
  /** The machines, their buckets, permissions, logs and alarms. */
  machines: checkedBy<MachineSettings>().default({}),
  /** Who answers for the machines; the tag Owner. */
  owner: tag.default("ml-team"),
  /** Who pays for them; the tag CostCenter. */
  costCenter: tag.default("ml-research"),
});

export type MlEc2Settings = z.output<typeof mlEc2Schema>;
