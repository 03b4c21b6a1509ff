import { describe, expect, it } from "vitest";
import { architectureOf, networkDefaults, trainingSchema } from "../../../stacks/training/settings";

it("has all of the platform, and nothing of the user's, by default", () => {
  expect(trainingSchema.parse({})).toMatchObject({
    network: {},
    files: { throughputMode: "elastic", backup: true, preventDestroy: false },
    builds: { packages: {}, supplementaryPackages: {}, pythonVersion: "3.12", forceRebuild: false },
    registry: { ttlHours: 2, leaseSeconds: 120 },
    workflows: {},
    alarms: true,
    alertEmails: [],
    machines: {},
  });
});
it("has NAT in each of two zones, unless told otherwise", () => {
  expect(networkDefaults({})).toMatchObject({ nat: "perAz", azCount: 2, dynamodbEndpoint: true, flowLogs: {} });
  expect(networkDefaults({ azCount: 3 })).not.toHaveProperty("azCount");
});
describe("refuses", () => {
  const NETWORK = { vpcId: "vpc-0a1b2c3d", vpcCidrBlocks: ["10.0.0.0/16"], privateSubnetIds: ["subnet-0a1b2c3d"] };
  const TABLE = { tableName: "records", tableArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/records" };
  it.each<[string, object, string, string]>([
    ["two networks", { existingNetwork: NETWORK, network: { azCount: 2 } }, "network", "with existingNetwork"],
    ["two tables", { existingTable: TABLE, table: { stream: false } }, "table", "with existingTable"],
    ["a table by another name", { existingTable: { ...TABLE, tableArn: "records" } }, "existingTable.tableArn", "ARN"],
    ["builds without a package index", { network: { nat: "none" } }, "network.nat", "must lead to the internet"],
    ["recipients of no alarms", { alarms: false, alertEmails: ["a@example.com"] }, "alertEmails", "alarms is off"],
    [
      "a lease that outlives its item",
      { registry: { ttlHours: 1, leaseSeconds: 3600 } },
      "registry.leaseSeconds",
      "less than ttlHours (1)",
    ],
    [
      "two topics of failed builds",
      { builds: { codebuild: { alertTopicArn: "arn:aws:sns:eu-west-1:123456789012:builds" } } },
      "builds.codebuild.alertTopicArn",
      "alarms is on",
    ],
    [
      "a runtime of the user's",
      { builds: { packages: { "ml-training": "x" } } },
      "builds.packages.ml-training",
      "adds it",
    ],
  ])("%s", (_, settings, path, words) => {
    const { error } = trainingSchema.safeParse(settings);
    const found = error?.issues.find((issue) => issue.path.join(".") === path);
    expect(found?.message, JSON.stringify(error?.issues)).toContain(words);
  });
});
it.each([
  [["c7g.xlarge"], "ARM64"],
  [["g5.xlarge"], "X86_64"],
  [undefined, "X86_64"],
])("builds for %j on %s", (types, architecture) => {
  expect(architectureOf(types)).toBe(architecture);
});
