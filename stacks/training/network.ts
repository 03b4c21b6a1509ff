import type { Construct } from "constructs";
import type { Zones } from "../../modules/common/zones";
import { Network } from "../../modules/network/network";
import { ClientSecurityGroup } from "../../modules/training/client-security-group";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { networkDefaults, type TrainingSettings } from "./settings";

/** What the other layers need of a network; `Network` is one. */
export interface TrainingNetwork extends Zones {
  readonly vpcId: string;
  readonly vpcCidrBlocks: string[];
  readonly privateSubnetIds: string[];
}

/** Network of builds and machines, and the security group of each. */
export class TrainingNetworkStack extends BaseStack {
  readonly network: TrainingNetwork;
  /** Where the user writes it. */
  readonly networkPlace: string;
  readonly machines: ClientSecurityGroup;
  readonly builds: ClientSecurityGroup;

  constructor(scope: Construct, environment: BaseSettings, settings: TrainingSettings) {
    const networkPlace = settings.existingNetwork ? "training.existingNetwork" : "training.network";
    super(scope, environment, {
      system: "training",
      layer: "network",
      description: "VPC with public and private subnets for package builds and training machines",
      places: { network: { "": "training.network", name: "name" }, machines: networkPlace, builds: networkPlace },
    });
    this.networkPlace = networkPlace;
    const name = `${environment.name}-training`;
    const made = settings.existingNetwork
      ? undefined
      : new Network(this, "network", { name, ...networkDefaults(settings.network), ...settings.network });
    this.network = made ?? (settings.existingNetwork as TrainingNetwork);
    const { vpcId, vpcCidrBlocks } = this.network;
    const group = (id: string, description: string) =>
      new ClientSecurityGroup(this, id, { name: `${name}-${id}`, description, vpcId, vpcCidrBlocks });
    this.machines = group("machines", "Training machines");
    this.builds = group("builds", "Package builds");

    this.publish({
      vpc_id: vpcId,
      private_subnets: this.network.privateSubnetIds,
      machine_security_group_id: this.machines.securityGroupId,
      build_security_group_id: this.builds.securityGroupId,
      ...(made && {
        vpc_cidr_block: made.vpcCidrBlock,
        azs: made.azs,
        public_subnets: made.publicSubnetIds,
        private_route_table_ids: made.privateRouteTableIds,
      }),
    });
  }
}
