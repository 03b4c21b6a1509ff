import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import type { PeeringProps } from "../../../modules/peering/peering";
import type { PeerProps } from "../../../modules/peering/sides";

export const OWN_VPC = "vpc-0a000000000000000";
export const PEER_VPC = "vpc-0b000000000000001";
export const SECURITY_GROUP = "sg-0c000000000000000";
export const table = (digit: number | string) => `rtb-0d00000000000000${digit}`;

/** Our side, with one CIDR and one table. */
export const ours = {
  name: "exafunction",
  network: { vpcId: OWN_VPC, vpcCidrBlocks: ["10.255.0.0/16"], routeTables: { private: table(0) } },
  securityGroupId: SECURITY_GROUP,
};

/** A peer in our account and region, with one CIDR and one table. */
export const near: PeerProps = { vpcId: PEER_VPC, cidrs: ["10.0.0.0/16"], routeTables: [table(1)] };

/** The least that a peering needs. */
export const minimal: PeeringProps = { ...ours, peer: { name: "demo", ...near } };

/** A provider for the peer's account and region. */
export const peerProvider = (stack: TerraformStack, alias = "peer") =>
  new AwsProvider(stack, `aws-${alias}`, { alias, region: "eu-west-1" });
