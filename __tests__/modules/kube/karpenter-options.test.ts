import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import type { NodePool } from "../../../modules/cluster/node-pool";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { karpenterObjects } from "../../../modules/kube/karpenter-nodes";
import { KARPENTER_OPTIONS, karpenterFaults } from "../../../modules/kube/karpenter-options";
import { GPU, runnersOf } from "./pools.fixture";

const IDS = ["subnet-0000000000000000a", "subnet-0000000000000000b"];
const NODES = {
  clusterName: "ml",
  nodeRoleName: "karpenter-node",
  nodeSecurityGroupId: "sg-0123456789abcdef0",
  subnetIds: IDS,
  tags: {},
  consolidation: "WhenEmpty",
  consolidateAfterMinutes: 5,
  expireAfterHours: 720,
} as const;
const poolOf = (settings: Partial<RunnerPool> = {}) => runnersOf({ ...GPU, ...settings })[0] as NodePool;

/** What is created for the pool. */
const ownOf = ({ settings: { efa, placementGroup, placementGroupName } }: NodePool) => ({
  ...(efa && { efaSecurityGroupId: "sg-0123456789abcdef1" }),
  placementGroupName: placementGroup ? "made" : placementGroupName,
});
/** Labels of the user's own, of which a pool with `GPU` has `OF_GPU` without. */
const manyLabels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`own-${i}`, "x"]));
const OF_GPU = 4;

/** A change of each option, from `GPU` and what else the option needs. */
const CHANGES: Record<keyof typeof KARPENTER_OPTIONS, { change: Partial<RunnerPool>; beside?: Partial<RunnerPool> }> = {
  instanceTypes: { change: { instanceTypes: ["g6.xlarge"] } },
  capacityType: { change: { capacityType: "SPOT" } },
  minSize: { change: { minSize: 1 } },
  maxSize: { change: { maxSize: 9 } },
  diskSize: { change: { diskSize: 200 } },
  diskIops: { change: { diskIops: 4000 } },
  diskThroughput: { change: { diskThroughput: 200 } },
  diskKmsKeyArn: { change: { diskKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c" } },
  imageFamily: { change: { imageFamily: "bottlerocket" } },
  releaseVersion: { change: { releaseVersion: "1.35.1-20251112" } },
  metadataHopLimit: { change: { metadataHopLimit: 2 } },
  detailedMonitoring: { change: { detailedMonitoring: false } },
  subnetIds: { change: { subnetIds: ["subnet-0000000000000000c"] } },
  subnetIndex: { change: { subnetIndex: 1 } },
  perSubnet: { change: { perSubnet: true } },
  capacityReservationId: { change: { capacityReservationId: "cr-0123456789abcdef0" } },
  capacityReservationResourceGroupArn: {
    change: { capacityReservationResourceGroupArn: "arn:aws:resource-groups:us-east-1:123456789012:group/a" },
  },
  efa: { change: { efa: true }, beside: { instanceTypes: ["g5.8xlarge"], subnetIndex: 0 } },
  placementGroup: { change: { placementGroup: true }, beside: { subnetIndex: 0 } },
  placementGroupName: { change: { placementGroupName: "near" }, beside: { subnetIndex: 0 } },
  localStorage: { change: { localStorage: "raid0" } },
  nodeRepair: { change: { nodeRepair: true } },
  gpuSharing: { change: { gpuSharing: { timeSlicing: 4 } }, beside: { imageFamily: "bottlerocket" } },
  architecture: { change: { architecture: "x86_64" } },
  gpuCount: {
    change: { gpuCount: 4 },
    beside: { instanceTypes: ["g99.xlarge"], architecture: "x86_64", gpuCount: 1 },
  },
  neuronDeviceCount: { change: { neuronDeviceCount: 0 } },
  efaNetworkCards: {
    change: { efaNetworkCards: 3 },
    beside: {
      instanceTypes: ["g99.xlarge"],
      architecture: "x86_64",
      gpuCount: 1,
      efa: true,
      efaNetworkCards: 2,
      subnetIndex: 0,
    },
  },
  localDiskGb: {
    change: { localDiskGb: 500 },
    beside: {
      instanceTypes: ["g99.xlarge"],
      architecture: "x86_64",
      gpuCount: 1,
      localStorage: "raid0",
      localDiskGb: 250,
    },
  },
  labels: { change: { additionalLabels: { team: "a" } } },
  taints: { change: { additionalTaints: [{ key: "team", effect: "NO_EXECUTE" }] } },
};

describe("a change of each option", () => {
  it.each(Object.entries(CHANGES))(
    "appears where the table says or is refused: %s",
    (name, { change, beside = {} }) => {
      const option = name as keyof typeof KARPENTER_OPTIONS;
      const { appearsIn, fault } = KARPENTER_OPTIONS[option];
      const [before, after] = [beside, { ...beside, ...change }].map(poolOf) as [NodePool, NodePool];
      const refused = karpenterFaults(after, IDS).some(({ path: [key] }) => key === option);
      expect(refused).toBe(fault !== undefined && appearsIn.length === 0);
      if (refused) return;
      const [old, now] = [before, after].map((pool) => karpenterObjects(pool, NODES, ownOf(pool)));
      const changed = now?.filter((object, i) => JSON.stringify(object) !== JSON.stringify(old?.[i])) ?? [];
      expect(changed.map(({ kind }) => kind)).toEqual(appearsIn.filter((target) => target !== "chart"));
    },
  );
});

it.each<[Partial<RunnerPool>, string, string[]?]>([
  [{ minSize: 1 }, "minSize"],
  [{ nodeRepair: { maxUnhealthyNodeThresholdCount: 1 } }, "nodeRepair"],
  [
    { capacityReservationResourceGroupArn: "arn:aws:resource-groups:us-east-1:123456789012:group/a" },
    "capacityReservationResourceGroupArn",
  ],
  [{ subnetIndex: 0 }, "subnetIndex"],
  [{ subnetIndex: 2 }, "subnetIndex", IDS],
  [{ subnetIds: Token.asList({ resolve: () => IDS }) }, "subnetIds"],
  [{ additionalLabels: { "karpenter.sh/x": "y" } }, "additionalLabels.karpenter.sh/x"],
  [{ additionalLabels: { "a.karpenter.k8s.aws/x": "y" } }, "additionalLabels.a.karpenter.k8s.aws/x"],
  [{ additionalLabels: { "notkarpenter.sh/x": "y" } }, "additionalLabels.notkarpenter.sh/x"],
  [{ additionalLabels: { "karpenter.sh": "y" } }, "additionalLabels.karpenter.sh"],
  [{ additionalLabels: manyLabels(101 - OF_GPU) }, "additionalLabels"],
  [{ releaseVersion: `1.35.1-${"9".repeat(23)}` }, "releaseVersion"],
  [{ releaseVersion: Token.asString({ resolve: () => "1.35.1-20251112" }) }, "releaseVersion"],
])("refuses %j", (settings, key, subnetIds) => {
  expect(karpenterFaults(poolOf(settings), subnetIds).map(({ path }) => path.join("."))).toEqual([key]);
});
it.each<[Partial<RunnerPool>, string[]?]>([
  [{}],
  [{ nodeRepair: true }],
  [{ subnetIndex: 1 }, IDS],
  [{ subnetIds: IDS }],
  [{ additionalLabels: { "karpenter.sh.example.com/x": "y", "example.com/karpenter.sh": "y" } }],
  [{ additionalLabels: manyLabels(100 - OF_GPU) }],
  [{ releaseVersion: `1.35.1-${"9".repeat(22)}` }],
  [{ placementGroup: true, subnetIndex: 0 }, IDS],
])("accepts %j", (settings, subnetIds) => {
  expect(karpenterFaults(poolOf(settings), subnetIds)).toEqual([]);
});
