import type { Construct } from "constructs";
import { DEFAULT_PROJECT, MlEc2 } from "../../modules/ml-ec2/ml-ec2";
import { Network } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { mlEc2Outputs } from "./outputs";
import { type MlEc2Settings, networkDefaults } from "./settings";

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
      places: {
        network: { "": "mlEc2.network", name: "mlEc2.machines.projectName" },
        "ml-ec2": {
          "": "mlEc2.machines",
          environment: "name",
          region: "region",
          network: "mlEc2.network",
          tags: "tags",
          replicaProvider: "mlEc2.machines.replication.region",
        },
        "ml-ec2/load-balancer": "mlEc2.machines.loadBalancer",
        "ml-ec2/shared-files": "mlEc2.machines.sharedFiles",
      },
      tags: { Project: projectName, Owner: owner, CostCenter: costCenter },
    });
    this.network = new Network(this, "network", {
      name: `${projectName}-${environment.name}`,
      ...networkDefaults(settings.network),
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
