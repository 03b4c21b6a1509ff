import type { Construct } from "constructs";
import { Network, type NetworkSettings } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";

/** Network of the ExaDeploy cluster and its database. */
export class ExadeployNetworkStack extends BaseStack {
  readonly network: Network;

  constructor(scope: Construct, environment: BaseSettings, settings: NetworkSettings) {
    super(scope, environment, {
      system: "exadeploy",
      layer: "network",
      description: "VPC with public, private and database subnets",
      places: { network: { "": "exadeploy.network", name: "name" } },
    });
    const network = new Network(this, "network", { name: `${environment.name}-exadeploy`, ...settings });
    this.network = network;
    this.publish(networkOutputs(network));
  }
}

/** Outputs of a network, under the names of the Terraform module it mirrors. */
const networkOutputs = (network: Network) => ({
  vpc_id: network.vpcId,
  vpc_name: network.name,
  vpc_arn: network.vpcArn,
  vpc_cidr_block: network.vpcCidrBlock,
  azs: network.azs,
  public_subnets: network.publicSubnetIds,
  public_subnet_arns: network.publicSubnetArns,
  public_subnets_cidr_blocks: network.publicSubnetCidrBlocks,
  public_route_table_ids: network.publicRouteTableIds,
  private_subnets: network.privateSubnetIds,
  private_subnet_arns: network.privateSubnetArns,
  private_subnets_cidr_blocks: network.privateSubnetCidrBlocks,
  private_route_table_ids: network.privateRouteTableIds,
  database_subnets: network.databaseSubnetIds,
  database_subnet_arns: network.databaseSubnetArns,
  database_subnets_cidr_blocks: network.databaseSubnetCidrBlocks,
  database_route_table_ids: network.databaseRouteTableIds,
  database_subnet_group: network.databaseSubnetGroupId,
  database_subnet_group_name: network.databaseSubnetGroupName,
});
