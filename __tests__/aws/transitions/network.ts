import { Network } from "../../../modules/network/network";
import { ABSENT, LETS_THROUGH, type Subject, setting, together } from "../../support/transitions/settings";

const AZS = ["us-east-1a", "us-east-1b", "us-east-1c"];
const KEY = (digit: number) => `arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-00000000000${digit}`;
const READ = { Principal: "*", Action: "s3:GetObject", Resource: "*" };
const ofFlowLogs = (path: string, values: unknown[]) => setting(`flowLogs.${path}`, values, { flowLogs: {} });

export const network: Subject = {
  name: "Network",
  base: () => ({ name: "ml-net", azs: AZS }),
  build: (scope, props) => new Network(scope, "network", props),
  settings: [
    setting("cidr", ["10.0.0.0/16", "10.1.0.0/16"]),
    together("azCount", [
      { azs: ABSENT, azCount: 2 },
      { azs: ABSENT, azCount: 3 },
    ]),
    setting("azs", [AZS, AZS.slice(0, 2), [...AZS.slice(0, 2), "us-east-1d"]]),
    together("excludeZoneIds", [{ azs: ABSENT }, { azs: ABSENT, excludeZoneIds: ["use1-az1"] }]),
    setting("subnetNewbits", [ABSENT, 5]),
    together("public", [
      { public: false, nat: "none" },
      { public: {}, nat: "none" },
    ]),
    together("private", [
      { private: false, nat: "none" },
      { private: {}, nat: "none" },
    ]),
    setting("database", [false, {}]),
    setting("public.cidrs", [ABSENT, ["10.0.200.0/24", "10.0.201.0/24", "10.0.202.0/24"]]),
    setting("private.cidrs", [ABSENT, ["10.0.200.0/24", "10.0.201.0/24", "10.0.202.0/24"]]),
    setting("database.cidrs", [ABSENT, ["10.0.200.0/24", "10.0.201.0/24", "10.0.202.0/24"]]),
    setting("public.tags", [ABSENT, { team: "a" }, { team: "b" }]),
    setting("private.tags", [ABSENT, { team: "a" }]),
    setting("database.tags", [ABSENT, { team: "a" }]),
    setting("public.mapPublicIpOnLaunch", [false, true]),
    setting("nat", ["none", "single", "perAz", "instance"]),
    setting("natInstanceType", [ABSENT, "t4g.small"], { nat: "instance" }),
    setting("diskKmsKeyArn", [ABSENT, KEY(1), KEY(2)], { nat: "instance" }),
    setting("podCidr", [ABSENT, "100.64.0.0/16", "100.65.0.0/16"]),
    setting("s3Endpoint", [true, false]),
    setting("dynamodbEndpoint", [false, true]),
    setting("interfaceEndpoints", [ABSENT, ["sts"], ["sts", "logs"]]),
    setting("endpointPolicies", [ABSENT, { s3: [READ] }, { s3: [{ ...READ, Action: "s3:*" }] }]),
    setting("flowLogs", [ABSENT, {}]),
    ofFlowLogs("logRetentionDays", [ABSENT, 90, 0]),
    ofFlowLogs("logKmsKeyArn", [ABSENT, KEY(1)]),
    ofFlowLogs("trafficType", ["ALL", "REJECT"]),
    ofFlowLogs("maxAggregationInterval", [600, 60]),
    setting("kubernetesTags", [true, false]),
  ],
  fixed: {
    name: "names what it is, which is another network under another name",
    endpointPolicies: "are changed as a whole",
    allowReplacement: LETS_THROUGH,
  },
};
