import fc from "fast-check";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import type { Wrong } from "../../support/fuzz";
import { validNodeGroup, validRunnerPool } from "./group-arbitraries.fixture";
import type { Settings } from "./node-group.fixture";

/** Ways to break a key: the value, and where below the key the error shows when it is not the key itself. */
type Break = readonly [key: string, value: unknown, below?: string];

const both = { maxUnhealthyNodeThresholdCount: 1, maxUnhealthyNodeThresholdPercentage: 1 };
const SHARED_BREAKS: Break[] = [
  ...[undefined, [], "g5.xlarge", null, Array.from({ length: 21 }, (_, i) => `m5.${i + 2}xlarge`)].map(
    (value): Break => ["instanceTypes", value],
  ),
  ...["banana", "M5.XLARGE", "m5", "m5.", ".xlarge", 5, undefined].map(
    (type): Break => ["instanceTypes", [type], "instanceTypes[0]"],
  ),
  ["instanceTypes", ["m5.large", "m5.large"], "instanceTypes[1]"],
  ["instanceTypes", ["m5.large", "m7g.large"]],
  ["instanceTypes", ["m5.large", "g5.large2", "g5.xlarge"], "instanceTypes[1]"],
  ...["FOO", "spot", "", null].map((value): Break => ["capacityType", value]),
  ...[-1, 1.5, "1", Number.NaN, undefined].map((value): Break => ["minSize", value]),
  ...[0, -3, 5001, 2.5, "4", Number.POSITIVE_INFINITY].map((value): Break => ["maxSize", value]),
  ...[19, 0, 16385, "100", 99.5].map((value): Break => ["diskSize", value]),
  ...[2999, 80001, "3000"].map((value): Break => ["diskIops", value]),
  ...[124, 2001].map((value): Break => ["diskThroughput", value]),
  ...["alias/aws/ebs", "arn:aws:kms:us-east-1:1:key/x", ""].map((value): Break => ["diskKmsKeyArn", value]),
  ...["al2", "AL2023", ""].map((value): Break => ["imageFamily", value]),
  ...["latest", "1.35", ""].map((value): Break => ["releaseVersion", value]),
  ...[0, 3, "1"].map((value): Break => ["metadataHopLimit", value]),
  ["detailedMonitoring", "yes"],
  ["subnetIds", []],
  ["subnetIds", "subnet-0123456789abcdef0"],
  ["subnetIds", ["vpc-0123456789abcdef0"], "subnetIds[0]"],
  ...[-1, 0.5].map((value): Break => ["subnetIndex", value]),
  ...["cr-xyz", "", "0123456789abcdef0"].map((value): Break => ["capacityReservationId", value]),
  ["capacityReservationResourceGroupArn", "arn:aws:ec2:us-east-1:123456789012:group/x"],
  ["perSubnet", "yes"],
  ["efa", "true"],
  ["placementGroup", 1],
  ["placementGroupName", ""],
  ["localStorage", "raid1"],
  ["localStorage", true],
  ...["on", 1, []].map((value): Break => ["nodeRepair", value]),
  ["nodeRepair", { maxUnhealthyNodeThresholdCount: 0 }, "nodeRepair.maxUnhealthyNodeThresholdCount"],
  ["nodeRepair", { enabled: true }, "nodeRepair.enabled"],
  ["nodeRepair", both, "nodeRepair.maxUnhealthyNodeThresholdPercentage"],
  ["gpuSharing", { timeSlicing: 1 }, "gpuSharing.timeSlicing"],
  ["gpuSharing", 4],
  ["architecture", "arm"],
  ...[-1, 1.5, 65].map((value): Break => ["gpuCount", value]),
  ...[-1, "2", 65].map((value): Break => ["neuronDeviceCount", value]),
  ...[0, 33].map((value): Break => ["efaNetworkCards", value]),
  ...[19, 1000001, "100"].map((value): Break => ["localDiskGb", value]),
  ["diskSizes", 100],
  ["desiredSize", 1],
];
/** Options that the breaks of every pool concern. */
export const brokenKeys = SHARED_BREAKS.map(([key]) => key);

const taintBreaks = (key: string): Break[] => [
  [key, [{ key: "a", effect: "NoSchedule" }], `${key}.0.effect`],
  [key, [{ key: "a b", effect: "NO_SCHEDULE" }], `${key}.0.key`],
  [key, [{ effect: "NO_SCHEDULE" }], `${key}.0.key`],
  [key, [{ key: "a", value: "-", effect: "NO_SCHEDULE" }], `${key}.0.value`],
  [key, [{ key: "a", operator: "Exists", effect: "NO_SCHEDULE" }], `${key}.0.operator`],
  [key, ["a", "b"].concat("a").map((name) => ({ key: name, effect: "NO_EXECUTE" })), `${key}.2`],
  [key, Array.from({ length: 51 }, (_, i) => ({ key: `k${i}`, effect: "NO_SCHEDULE" }))],
];
const labelBreaks = (key: string): Break[] => [
  [key, { "a b": "c" }, `${key}.a b`],
  [key, { "node.kubernetes.io/x": "c" }, `${key}.node.kubernetes.io/x`],
  [key, { a: "" }, `${key}.a`],
  [key, { a: "b c" }, `${key}.a`],
  [key, { a: 1 }, `${key}.a`],
  [key, { a: "x".repeat(64) }, `${key}.a`],
  [key, []],
];
const POOL_BREAKS: Break[] = [
  ...["", "-a", "a-", "a b", "a_b", "x".repeat(41), 7, undefined].map((value): Break => ["suffix", value]),
  ...["tpu", "GPU", undefined].map((value): Break => ["category", value]),
  ...["", "a b", "x".repeat(64), 4].map((value): Break => ["acceleratorLabel", value]),
  ...taintBreaks("additionalTaints"),
  ["additionalTaints", [{ key: "dedicated", value: "me", effect: "NO_SCHEDULE" }], "additionalTaints[0]"],
  ...labelBreaks("additionalLabels"),
];

const broken = <P extends object>(valid: fc.Arbitrary<P>, breaks: Break[]): fc.Arbitrary<Wrong<P>> =>
  fc
    .tuple(valid, fc.constantFrom(...breaks))
    .map(([props, [key, value, below]]) => ({ key: below ?? key, props: { ...props, [key]: value } as P }));

/** A valid pool with one key broken; the key is that inside the pool. */
export const invalidRunnerPool: fc.Arbitrary<Wrong<RunnerPool>> = broken(validRunnerPool, [
  ...SHARED_BREAKS,
  ...POOL_BREAKS,
]);

/** Valid group settings with one key broken. */
export const invalidNodeGroup: fc.Arbitrary<Wrong<Settings>> = broken(validNodeGroup, [
  ...SHARED_BREAKS,
  ...taintBreaks("taints"),
  ...labelBreaks("labels"),
]);
