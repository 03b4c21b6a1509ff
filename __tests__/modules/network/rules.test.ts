import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { expect, it } from "vitest";
import { Network, type NetworkProps } from "../../../modules/network/network";
import { type BadInput, rejects } from "../../support/bad-input";
import { build } from "./network.fixture";

const name = "ml-net";
const azs = ["us-east-1a", "us-east-1b"];
const alone = { name, public: false, database: false, nat: "none" } as const;
const rows: BadInput<NetworkProps>[] = [
  ["azCount", { name, azs, azCount: 3 }, "number of azs (2)", "got 3"],
  ["azCount", { name, azs: [...azs, "us-east-1c"], azCount: 2 }, "number of azs (3)", "got 2"],
  ["excludeZoneIds", { name, azs, excludeZoneIds: ["use1-az3"] }, "left out with azs", "use1-az3"],
  ["private", { ...alone, private: false }, "must be on"],
  ["nat", { name, private: false }, "private tier, which is off", "none", "got single"],
  ["nat", { name, private: false, nat: "regional" }, "private tier, which is off", "got regional"],
  ["nat", { name, public: false }, "public tier, which is off", "regional (AWS provider 6.24 or later)", "got single"],
  ["nat", { name, private: false, nat: "instance" }, "private tier, which is off", "got instance"],
  ["nat", { name, public: false, nat: "instance" }, "public tier, which is off", "got instance"],
  [
    "diskKmsKeyArn",
    { name, diskKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c" },
    "unless nat is instance",
  ],
  ["natInstanceType", { name, natInstanceType: "t4g.micro" }, "unless nat is instance", "got t4g.micro"],
  ["nat", { name, public: false, nat: "perAz" }, "public tier, which is off", "got perAz"],
  ["public.cidrs", { name, nat: "perAz", public: { cidrs: ["10.0.0.0/24", "10.0.1.0/24"] } }, "3 zones", "got 2"],
  ["private.cidrs", { name, nat: "perAz", private: { cidrs: ["10.0.0.0/24"] } }, "3 zones", "got 1"],
  ["interfaceEndpoints", { name, private: false, nat: "none", interfaceEndpoints: ["sts"] }, "private tier", "sts"],
  ["name", { name: "1-net" }, "begin with a letter", "got 1-net"],
  ["name", { name: "-net" }, "begin with a letter", "got -net"],
  ["name", { name: "Default" }, "RDS reserves", "got Default"],
  ["database.cidrs", { name, database: { cidrs: ["10.0.1.0/24"] } }, "at least 2 blocks", "got 1"],
  ["cidr", { name, cidr: "10.0.0.0/24", azCount: 6 }, "/29", "6 zones", "smallest AWS subnet is /28", "/23 or larger"],
  ["subnetNewbits", { name, subnetNewbits: 3 }, "at least 4", "3 zones", "got 3"],
  ["subnetNewbits", { name, subnetNewbits: 4, azCount: 6 }, "at least 5", "6 zones", "got 4"],
  ["subnetNewbits", { name, subnetNewbits: 2, database: false }, "at least 3", "got 2"],
  ["subnetNewbits", { name, cidr: "10.0.0.0/20", subnetNewbits: 9 }, "/29", "/28", "/19 or larger", "got 9"],
  ["private.cidrs[0]", { ...alone, private: { cidrs: ["10.1.0.0/24"] } }, "in cidr (10.0.0.0/16)", "10.1.0.0/24"],
  ["private.cidrs[0]", { ...alone, cidr: "10.0.0.0/20", private: { cidrs: ["10.0.0.0/19"] } }, "in cidr (10.0.0.0/20)"],
  [
    "private.cidrs[1]",
    { ...alone, private: { cidrs: ["10.0.0.0/24", "10.0.0.128/25"] } },
    "private.cidrs[0] (10.0.0.0/24)",
  ],
  [
    "public.cidrs[0]",
    { name, private: { cidrs: ["10.0.0.0/20"] }, public: { cidrs: ["10.0.1.0/24"] } },
    "private.cidrs[0] (10.0.0.0/20)",
    "got 10.0.1.0/24",
  ],
  ["public.cidrs[0]", { name, public: { cidrs: ["10.0.16.0/24"] } }, "computed block 10.0.16.0/20 of the private tier"],
  [
    "private.cidrs[0]",
    { name, private: { cidrs: ["10.0.64.0/24"] } },
    "computed block 10.0.64.0/20 of the public tier",
  ],
  ["podCidr", { name, private: false, nat: "none", podCidr: "100.64.0.0/16" }, "private tier", "100.64.0.0/16"],
  ["podCidr", { name, cidr: "10.2.0.0/16", podCidr: "10.2.128.0/17" }, "not overlap cidr (10.2.0.0/16)"],
  ["podCidr", { name, podCidr: "172.16.0.0/16" }, "100.64.0.0/10 or 10.0.0.0/8", "172.16.0.0/16"],
  ["podCidr", { name, podCidr: "198.19.0.0/16" }, "100.64.0.0/10 or 10.0.0.0/8"],
  ["podCidr", { name, cidr: "100.64.0.0/16", podCidr: "10.1.0.0/16" }, "must lie in 100.64.0.0/10,"],
  ["podCidr", { name, cidr: "10.1.0.0/16", podCidr: "10.0.0.0/16" }, "must not lie in 10.0.0.0/16"],
  ["podCidr", { name, cidr: "172.16.0.0/16", podCidr: "172.31.0.0/16" }, "must not lie in 172.31.0.0/16"],
  ["podCidr", { name, azCount: 2, podCidr: "100.64.0.0/28" }, "at least a /27", "2 zones", "100.64.0.0/28"],
  ["podCidr", { name, azCount: 5, podCidr: "100.64.0.0/26" }, "at least a /25", "5 zones"],
];
rejects("test/network", rows, (scope, props) => new Network(scope, "network", props));

it("names the database tier's first block when it overlaps a public one that is computed", () => {
  const props = { database: { cidrs: ["10.0.80.0/24", "10.0.200.0/24"] } };
  expect(() => build(props)).toThrow(
    "database.cidrs[0]: must not overlap the computed block 10.0.80.0/20 of the public tier",
  );
});
it.each<[string, Partial<NetworkProps>, number]>([
  ["as few bits as number the tiers that are computed", { subnetNewbits: 4 }, 9],
  ["fewer bits when the database tier is off", { subnetNewbits: 3, database: false }, 6],
  ["few bits when every tier names its blocks", { ...alone, subnetNewbits: 2, private: { cidrs: ["10.0.0.0/24"] } }, 1],
  ["six zones in a /23", { cidr: "10.0.0.0/23", azCount: 6 }, 18],
  [
    "six zones in a /24 whose tiers name their blocks",
    { ...alone, cidr: "10.0.0.0/24", azCount: 6, private: { cidrs: ["10.0.0.0/28"] } },
    1,
  ],
  ["blocks that touch", { ...alone, private: { cidrs: ["10.0.0.0/24", "10.0.1.0/24"] } }, 2],
  ["a block beside the computed ones", { public: { cidrs: ["10.0.0.0/20"] } }, 7],
  ["two database blocks", { database: { cidrs: ["10.0.200.0/24", "10.0.201.0/24"] } }, 8],
  [
    "perAz with just a block for each zone",
    { azCount: 2, nat: "perAz", private: { cidrs: ["10.0.0.0/24", "10.0.1.0/24"] } },
    6,
  ],
  ["regional without a public tier", { nat: "regional", public: false }, 6],
  ["interface endpoints without a public tier", { nat: "none", public: false, interfaceEndpoints: ["sts"] }, 6],
  ["pods in the shared range", { podCidr: "100.127.0.0/16" }, 12],
  ["pods in the VPC's own private range", { podCidr: "10.1.0.0/16" }, 12],
  ["pods in 10.0.0.0/16 of a VPC outside 10.0.0.0/15", { cidr: "10.2.0.0/16", podCidr: "10.0.0.0/16" }, 12],
  ["pods in 172.30.0.0/16", { cidr: "172.16.0.0/16", podCidr: "172.30.0.0/16" }, 12],
  ["pods in 192.168.0.0/16", { cidr: "192.168.0.0/24", podCidr: "192.168.128.0/17" }, 12],
  ["pods of a VPC of public addresses", { cidr: "52.0.0.0/16", podCidr: "100.64.0.0/16" }, 12],
  ["the smallest pod block of five zones", { azCount: 5, podCidr: "100.64.0.0/25" }, 20],
])("accepts %s", (_, props, subnets) => {
  expect(build(props).all(Subnet)).toHaveLength(subnets);
});
