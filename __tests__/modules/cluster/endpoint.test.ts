import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { lean, rejectsCluster, wrong } from "./cluster.fixture";

const endpoint = (settings = {}) => lean(settings).one(EksCluster).vpc_config;
const open = (...publicAccessCidrs: string[]) => ({ endpointPublicAccess: true, publicAccessCidrs });

it("keeps the API inside the VPC by default", () => {
  expect(endpoint()).toMatchObject({ endpoint_private_access: true, endpoint_public_access: false });
  expect(endpoint()).not.toHaveProperty("public_access_cidrs");
});
it("opens it to the blocks that are named, in any order", () => {
  expect(endpoint(open("203.0.113.0/24", "198.51.100.7/32"))).toMatchObject({
    endpoint_private_access: true,
    endpoint_public_access: true,
    public_access_cidrs: ["198.51.100.7/32", "203.0.113.0/24"],
  });
  const late = Token.asString({ resolve: () => "203.0.113.0/24" });
  expect(endpoint(open(late)).public_access_cidrs).toEqual(["203.0.113.0/24"]);
});
it("opens it to everywhere only when that is said", () => {
  const settings = { ...open("0.0.0.0/0"), allowPublicAccessFromAnywhere: true };
  expect(endpoint(settings).public_access_cidrs).toEqual(["0.0.0.0/0"]);
});
it("takes blocks right beside the reserved ones", () => {
  const beside = ["9.0.0.0/8", "11.0.0.0/8", "100.128.0.0/10", "172.32.0.0/12", "192.169.0.0/16", "223.0.0.0/8"];
  expect(endpoint(open(...beside)).public_access_cidrs).toHaveLength(6);
});
rejectsCluster(
  ["publicAccessCidrs", { endpointPublicAccess: true }, "must name the CIDR blocks", "got none"],
  ["publicAccessCidrs", { endpointPublicAccess: true, allowPublicAccessFromAnywhere: true }, "got none"],
  ["publicAccessCidrs", { publicAccessCidrs: ["203.0.113.0/24"] }, "endpointPublicAccess is true", "203.0.113.0/24"],
  ["publicAccessCidrs[0]", open("0.0.0.0/0"), "allowPublicAccessFromAnywhere", "got 0.0.0.0/0"],
  ["publicAccessCidrs[1]", open("203.0.113.0/24", "10.1.0.0/16"), "must be public", "10.0.0.0/8", "10.1.0.0/16"],
  ["publicAccessCidrs[0]", open("100.64.0.0/10"), "must be public"],
  ["publicAccessCidrs[0]", open("172.31.0.0/16"), "must be public"],
  ["publicAccessCidrs[0]", open("192.168.1.0/24"), "must be public"],
  ["publicAccessCidrs[0]", open("0.0.0.0/1"), "must be public"],
  ["publicAccessCidrs[0]", { ...open("128.0.0.0/1"), allowPublicAccessFromAnywhere: true }, "must be public"],
  ["publicAccessCidrs[0]", open("203.0.113.7/24"), "host bits", "203.0.113.0/24"],
  ["publicAccessCidrs[0]", open("anywhere"), "IPv4 CIDR", "anywhere"],
  ["publicAccessCidrs", wrong({ endpointPublicAccess: true, publicAccessCidrs: "203.0.113.0/24" }), "array"],
  ["endpointPublicAccess", wrong({ endpointPublicAccess: "yes" }), "boolean", "yes"],
);
