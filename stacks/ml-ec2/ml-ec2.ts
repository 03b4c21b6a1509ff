import type { Construct } from "constructs";
import { DEFAULT_PROJECT, MlEc2 } from "../../modules/ml-ec2/ml-ec2";
import { Network, type NetworkSettings } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { mlEc2Outputs } from "./outputs";
import type { MlEc2Settings } from "./settings";

/** Default layout, that of the reference. */
const LAYOUT: NetworkSettings = {
  cidr: "10.0.0.0/16",
  azCount: 2,
  public: { cidrs: ["10.0.1.0/24", "10.0.2.0/24"] },
  private: { cidrs: ["10.0.11.0/24", "10.0.12.0/24"] },
};

/** Training machines in their own network. */
export class MlEc2Stack extends BaseStack {
  readonly network: Network;
  readonly mlEc2: MlEc2;

  constructor(scope: Construct, environment: BaseSettings, settings: MlEc2Settings) {
    const { machines, owner, costCenter } = settings;
    const projectName = machines.projectName ?? DEFAULT_PROJECT;
    super(scope, environment, {
      system: "ml-ec2",
      description: "Training machines, buckets, permissions, logs and alarms",
      tags: { Project: projectName, Owner: owner, CostCenter: costCenter },
    });
    this.network = new Network(this, "network", {
      name: `${projectName}-${environment.name}`,
      ...(settings.network.cidr ? {} : LAYOUT),
      database: false,
      kubernetesTags: false,
      flowLogs: { logRetentionDays: 7 },
      ...settings.network,
    });
    const { replication } = machines;
    this.mlEc2 = new MlEc2(this, "ml-ec2", {
      ...machines,
      environment: environment.name,
      region: environment.region,
      network: this.network,
      tags: this.tags,
      replicaProvider: replication
        ? this.otherProvider("replica", { region: replication.region, account: environment.account })
        : undefined,
    });
    this.publish(mlEc2Outputs(this.network, this.mlEc2, environment));
  }
}
