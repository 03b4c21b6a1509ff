import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { lean, NETWORK, rejectsCluster, wrong } from "./cluster.fixture";

const network = (fields: object) => wrong({ network: { ...NETWORK, ...fields } });
const LIST = Token.asList({ resolve: () => ["subnet-0000000000000000c", "subnet-0000000000000000d"] });

it("stands in the network's private subnets by default", () => {
  const { one } = lean();
  expect(one(EksCluster).vpc_config.subnet_ids).toEqual(NETWORK.privateSubnetIds);
  expect(one(EksNodeGroup).subnet_ids).toEqual(NETWORK.privateSubnetIds);
});
it("stands where it is told, the control plane and the nodes apart", () => {
  const { one } = lean({ controlPlaneSubnetIds: ["subnet-1", "subnet-2"], nodeSubnetIds: ["subnet-3"] });
  expect(one(EksCluster).vpc_config.subnet_ids).toEqual(["subnet-1", "subnet-2"]);
  expect(one(EksNodeGroup).subnet_ids).toEqual(["subnet-3"]);
});
it("takes subnets that are known only later", () => {
  const resolved = ["subnet-0000000000000000c", "subnet-0000000000000000d"];
  expect(lean(network({ privateSubnetIds: LIST })).one(EksCluster).vpc_config.subnet_ids).toEqual(resolved);
  expect(lean({ controlPlaneSubnetIds: LIST }).one(EksCluster).vpc_config.subnet_ids).toEqual(resolved);
});
it("leaves the services' addresses to EKS unless told", () => {
  const balancing = { elastic_load_balancing: { enabled: false } };
  expect(lean().one(EksCluster).kubernetes_network_config).toEqual(balancing);
  for (const cidr of ["172.16.0.0/12", "192.168.255.0/24", "10.1.0.0/16"]) {
    const config = lean({ serviceIpv4Cidr: cidr }).one(EksCluster).kubernetes_network_config;
    expect(config).toEqual({ service_ipv4_cidr: cidr, ...balancing });
  }
});
rejectsCluster(
  ["network", wrong({ network: undefined }), "must be a Network", "vpcCidrBlocks"],
  ["network", wrong({ network: { vpcId: "vpc-1" } }), "must be a Network"],
  ["network.vpcCidrBlocks", network({ vpcCidrBlocks: "10.0.0.0/16" }), "of type array", "10.0.0.0/16"],
  ["network.vpcCidrBlocks", network({ vpcCidrBlocks: [] }), "list of blocks"],
  ["network.vpcCidrBlocks", network({ vpcCidrBlocks: ["10.0.0.0"] }), "list of blocks"],
  ["network.vpcCidrBlocks", network({ vpcCidrBlocks: LIST }), "each an element of its own"],
  ["network.privateSubnetIds", network({ privateSubnetIds: ["subnet-1"] }), "at least 2 subnets", "subnet-1"],
  ["network.privateSubnetIds", network({ privateSubnetIds: ["subnet-1", "subnet-1"] }), "at least 2 subnets"],
  ["network.privateSubnetIds", network({ privateSubnetIds: undefined }), "is required", "nothing"],
  ["controlPlaneSubnetIds", { controlPlaneSubnetIds: ["subnet-1"] }, "at least 2 subnets"],
  ["nodeSubnetIds", { nodeSubnetIds: [] }, "at least 1"],
  ["nodeSubnetIds[0]", { nodeSubnetIds: [""] }, "at least 1"],
  ["serviceIpv4Cidr", { serviceIpv4Cidr: "172.16.0.0/11" }, "/12 to /24"],
  ["serviceIpv4Cidr", { serviceIpv4Cidr: "172.20.0.0/25" }, "/12 to /24"],
  ["serviceIpv4Cidr", { serviceIpv4Cidr: "100.64.0.0/16" }, "172.16.0.0/12", "100.64.0.0/16"],
  ["serviceIpv4Cidr", { serviceIpv4Cidr: "10.0.128.0/20" }, "overlap", "10.0.0.0/16", "10.0.128.0/20"],
  ["serviceIpv4Cidr", { serviceIpv4Cidr: "10.0.0.0/12" }, "overlap"],
  ["serviceIpv4Cidr", { serviceIpv4Cidr: "172.20.0.0" }, "IPv4 CIDR"],
);
