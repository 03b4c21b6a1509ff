import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { expect, it } from "vitest";
import { Network, type NetworkProps } from "../../../modules/network/network";
import { type BadInput, rejects } from "../../support/bad-input";
import { build } from "./network.fixture";

const name = "ml-net";
const tags = (count: number) => Object.fromEntries([...Array(count).keys()].map((i) => [`tag-${i}`, "x"]));
const blocks = (count: number) => [...Array(count).keys()].map((i) => `10.0.${i}.0/24`);
const rows: BadInput<Record<string, unknown>>[] = [
  ["name", {}, "is required"],
  ["name", { name: "ab" }, "at least 3", "2"],
  ["name", { name: "a".repeat(64) }, "at most 63", "64"],
  ["name", { name: "ml_net" }, "letters, digits and hyphens", "ml_net"],
  ["cidr", { name, cidr: "10a0b0c0/16" }, "must be an IPv4 CIDR", "10a0b0c0/16"],
  ["cidr", { name, cidr: "999.1.1.1/16" }, "must be an IPv4 CIDR", "999.1.1.1/16"],
  ["cidr", { name, cidr: "10.0.0.0/15" }, "/16 to /24", "/15"],
  ["cidr", { name, cidr: "10.0.0.0/25" }, "/16 to /24", "/25"],
  ["cidr", { name, cidr: "10.0.1.0/16" }, "host bits", "10.0.0.0/16"],
  ["cidr", { name, cidr: "169.254.0.0/16" }, "reserved", "169.254.0.0/16"],
  ["cidr", { name, cidr: "127.0.0.0/16" }, "reserved"],
  ["cidr", { name, cidr: "0.0.0.0/16" }, "reserved"],
  ["cidr", { name, cidr: "224.0.0.0/16" }, "reserved"],
  ["cidr", { name, cidr: "255.0.0.0/16" }, "reserved"],
  ["cidr", { name, cidr: 10 }, "of type string", "10"],
  ["azCount", { name, azCount: 1 }, "at least 2", "1"],
  ["azCount", { name, azCount: 7 }, "at most 6", "7"],
  ["azCount", { name, azCount: 2.5 }, "whole number", "2.5"],
  ["azs", { name, azs: ["us-east-1a"] }, "at least 2 items"],
  ["azs", { name, azs: [..."abcdefg"].map((zone) => `us-east-1${zone}`) }, "at most 6 items", "7"],
  ["azs", { name, azs: ["us-east-1a", "us-east-1a"] }, "each zone once", "us-east-1a, us-east-1a"],
  ["azs", { name, azs: ["us-east-1a", "us-east-2b"] }, "one region", "us-east-2b"],
  ["azs[1]", { name, azs: ["us-east-1a", "use1-az2"] }, "such as us-east-1a", "use1-az2"],
  ["azs[1]", { name, azs: ["us-west-2a", "us-west-2-lax-1a"] }, "such as us-east-1a", "us-west-2-lax-1a"],
  ["excludeZoneIds[0]", { name, excludeZoneIds: ["us-east-1c"] }, "such as use1-az3", "us-east-1c"],
  ["subnetNewbits", { name, subnetNewbits: 1 }, "at least 2", "1"],
  ["subnetNewbits", { name, subnetNewbits: 13 }, "at most 12", "13"],
  ["public", { name, public: true }, "false or an object", "true"],
  ["private", { name, private: "off" }, "false or an object", "off"],
  ["private.cidr", { name, private: { cidr: [] } }, "did you mean cidrs?"],
  ["private.mapPublicIpOnLaunch", { name, private: { mapPublicIpOnLaunch: true } }, "unknown key"],
  ["public.mapPublicIpOnLaunch", { name, public: { mapPublicIpOnLaunch: "yes" } }, "of type boolean", "yes"],
  ["private.cidrs", { name, private: { cidrs: [] } }, "at least 1 items"],
  ["private.cidrs", { name, private: { cidrs: blocks(61) } }, "at most 60 items", "61"],
  ["private.cidrs[1]", { name, private: { cidrs: ["10.0.1.0/24", "10.0.2.0/29"] } }, "/16 to /28", "10.0.2.0/29"],
  ["public.cidrs[0]", { name, public: { cidrs: ["10.0.1.1/24"] } }, "host bits", "10.0.1.0/24"],
  ["database.tags", { name, database: { tags: tags(41) } }, "at most 40", "41"],
  ["nat", { name, nat: "dual" }, "none, single, perAz, regional, instance", "dual"],
  ["diskKmsKeyArn", { name, nat: "instance", diskKmsKeyArn: "alias/mine" }, "ARN of a KMS key"],
  ["natInstanceType", { name, nat: "instance", natInstanceType: "t3.nano" }, "one of t4g.nano", "t3.nano"],
  ["podCidr", { name, podCidr: "100.64.0.0/15" }, "/16 to /28", "100.64.0.0/15"],
  ["podCidr", { name, podCidr: "100.64.0.0/29" }, "/16 to /28", "100.64.0.0/29"],
  ["podCidr", { name, podCidr: "pods" }, "must be an IPv4 CIDR", "pods"],
  ["s3Endpoint", { name, s3Endpoint: "yes" }, "of type boolean", "yes"],
  ["interfaceEndpoints[0]", { name, interfaceEndpoints: ["com.amazonaws.us-east-1.sts"] }, "only the part after"],
  ["interfaceEndpoints[0]", { name, interfaceEndpoints: ["s3"] }, "s3Endpoint", "free"],
  ["interfaceEndpoints[0]", { name, interfaceEndpoints: ["dynamodb"] }, "dynamodbEndpoint"],
  ["interfaceEndpoints[0]", { name, interfaceEndpoints: ["ecr-api"] }, "must be spelt ecr.api", "ecr-api"],
  ["interfaceEndpoints[0]", { name, interfaceEndpoints: ["STS"] }, "must be spelt sts", "STS"],
  ["interfaceEndpoints[0]", { name, interfaceEndpoints: ["r ds"] }, "name of a service", "r ds"],
  ["interfaceEndpoints", { name, interfaceEndpoints: ["sts", "sts"] }, "each service once"],
  [
    "interfaceEndpoints",
    { name, interfaceEndpoints: [...Array(51).keys()].map((i) => `service${i}`) },
    "at most 50 items",
    "51",
  ],
  ["flowLogs.logRetentionDays", { name, flowLogs: { logRetentionDays: 31 } }, "one of 0, 1, 3, 5, 7", "31"],
  ["flowLogs.logRetentionDays", { name, flowLogs: { logRetentionDays: 2 } }, "one of 0, 1, 3, 5, 7", "2"],
  ["flowLogs.trafficType", { name, flowLogs: { trafficType: "all" } }, "ACCEPT, REJECT, ALL", "all"],
  ["flowLogs.maxAggregationInterval", { name, flowLogs: { maxAggregationInterval: 300 } }, "60, 600", "300"],
  ["flowLogs.logKmsKeyArn", { name, flowLogs: { logKmsKeyArn: "alias/mine" } }, "ARN of a KMS key", "alias/mine"],
  ["flowLogs.logRetentionDay", { name, flowLogs: { logRetentionDay: 30 } }, "did you mean logRetentionDays?"],
  ["kubernetesTags", { name, kubernetesTags: {} }, "of type boolean"],
  ["azcount", { name, azcount: 2 }, "did you mean azCount?"],
];
rejects("test/network", rows, (scope, props) => new Network(scope, "network", props as NetworkProps));

it("lists every fault at once", () => {
  const props = { name: "a", cidr: "10.0.0.0/30", azCount: 9, nat: "dual" } as unknown as NetworkProps;
  const words = ["name: ", "; cidr: ", "; azCount: ", "; nat: "];
  for (const word of words) expect(() => build(props)).toThrow(word);
});
it.each<[string, Partial<NetworkProps>, number]>([
  ["a name of 3", { name: "a-1" }, 9],
  ["a name of 63", { name: "a".repeat(63) }, 9],
  ["a name that begins with a digit, without databases", { name: "1-net", database: false }, 6],
  ["a cidr of /24", { cidr: "10.0.0.0/24" }, 9],
  ["a cidr beside the reserved ranges", { cidr: "223.255.0.0/16" }, 9],
  ["two zones", { azCount: 2 }, 6],
  ["six zones", { azCount: 6 }, 18],
  ["two zones by name", { azs: ["us-gov-west-1a", "us-gov-west-1b"] }, 6],
  ["six zones by name", { azs: [..."abcdef"].map((zone) => `us-east-1${zone}`) }, 18],
  ["azs with an azCount that agrees", { azs: ["us-east-1a", "us-east-1b"], azCount: 2 }, 6],
  ["two bits", { subnetNewbits: 2, public: false, database: false, nat: "none" }, 3],
  ["twelve bits", { subnetNewbits: 12 }, 9],
  ["subnets of /28", { private: { cidrs: ["10.0.0.0/28"] } }, 7],
  [
    "a subnet of the whole VPC",
    { private: { cidrs: ["10.0.0.0/16"] }, public: false, database: false, nat: "none" },
    1,
  ],
  ["60 subnets of a tier", { private: { cidrs: blocks(60) }, public: false, database: false, nat: "none" }, 60],
  ["40 tags", { public: { tags: tags(40) } }, 9],
  ["pods of a /27 in two zones", { podCidr: "100.64.0.0/27", azCount: 2 }, 8],
  ["tiers that are spelt out", { public: {}, private: {}, database: {} }, 9],
  [
    "settings that are there but undefined",
    { cidr: undefined, azs: undefined, public: undefined, flowLogs: undefined },
    9,
  ],
])("accepts %s", (_, props, subnets) => {
  expect(build(props).all(Subnet)).toHaveLength(subnets);
});
it("fits the networks of the other systems", () => {
  const ml: Partial<NetworkProps> = { azs: ["us-east-1a", "us-east-1b"], database: false };
  const cidrs = (...thirds: number[]) => thirds.map((third) => `10.0.${third}.0/24`);
  const { all, network } = build({ ...ml, public: { cidrs: cidrs(1, 2) }, private: { cidrs: cidrs(11, 12) } });
  expect(all(Subnet)).toHaveLength(4);
  expect(network.privateSubnetCidrBlocks).toEqual(["10.0.11.0/24", "10.0.12.0/24"]);
  const fossa = build({
    cidr: "192.168.0.0/16",
    azCount: 2,
    nat: "none",
    public: { cidrs: ["192.168.1.0/24"] },
    private: { cidrs: ["192.168.2.0/24"] },
    database: false,
    kubernetesTags: false,
  });
  expect(fossa.all(Subnet)).toHaveLength(2);
});
