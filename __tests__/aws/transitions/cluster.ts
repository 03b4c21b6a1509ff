import { Cluster, type ClusterProps } from "../../../modules/cluster/cluster";
import { NETWORK } from "../../modules/cluster/cluster.fixture";
import {
  ABSENT,
  LETS_THROUGH,
  type Setting,
  type Subject,
  setting,
  together,
} from "../../support/transitions/settings";

const ROLE = "arn:aws:iam::123456789012:role/";
const KEY = (digit: number) => `arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-00000000000${digit}`;
const LOOP: NonNullable<ClusterProps["runnerPools"]> = [];

/** A cluster with the least of groups. */
const base = {
  name: "ml",
  network: NETWORK,
  systemGroups: { scheduler: false, "module-repository": false, prometheus: false },
  runnerPools: LOOP,
};

const GROUP = "additionalNodeGroups.extra";
const plain = { instanceTypes: ["m5.xlarge"], minSize: 1, maxSize: 4 };
const one = { subnetIds: ["subnet-0000000000000000a"] };

/** Changes of a setting of a group, in a group that is `group`. */
const ofGroup = (path: string, values: unknown[], group: object = plain): Setting =>
  setting(`${GROUP}.${path}`, values, { [GROUP]: group });

const gpu = { ...plain, instanceTypes: ["g5.xlarge"] };
const efa = { ...plain, instanceTypes: ["p4d.24xlarge"], ...one };

const groupSettings: Setting[] = [
  ofGroup("instanceTypes", [["m5.xlarge"], ["m5.2xlarge"], ["m5.xlarge", "m5a.xlarge"]]),
  ofGroup("capacityType", [ABSENT, "SPOT"]),
  setting(GROUP, [
    { ...plain, instanceTypes: ["p5.48xlarge"], ...one },
    {
      ...plain,
      instanceTypes: ["p5.48xlarge"],
      ...one,
      capacityType: "CAPACITY_BLOCK",
      capacityReservationId: "cr-0123456789abcdef0",
    },
  ]),
  ofGroup("minSize", [0, 1, 3]),
  ofGroup("maxSize", [2, 4]),
  ofGroup("diskSize", [ABSENT, 200]),
  ofGroup("diskIops", [ABSENT, 4000, 6000]),
  ofGroup("diskThroughput", [ABSENT, 250, 500]),
  ofGroup("diskKmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
  ofGroup("imageFamily", ["al2023", "bottlerocket"]),
  ofGroup("releaseVersion", [ABSENT, "1.35.1-20251112", "1.35.2-20251212"]),
  ofGroup("metadataHopLimit", [1, 2]),
  ofGroup("detailedMonitoring", [true, false]),
  ofGroup("subnetIds", [ABSENT, ["subnet-0000000000000000a"]]),
  ofGroup("subnetIndex", [ABSENT, 0, 1]),
  ofGroup("perSubnet", [false, true]),
  ofGroup("capacityReservationId", [ABSENT, "cr-0123456789abcdef0", "cr-0123456789abcdef1"]),
  ofGroup("capacityReservationResourceGroupArn", [
    ABSENT,
    "arn:aws:resource-groups:us-east-1:123456789012:group/reserved",
  ]),
  ofGroup("efa", [false, true], efa),
  ofGroup("placementGroup", [ABSENT, true], efa),
  ofGroup("placementGroupName", [ABSENT, "near", "nearer"], efa),
  ofGroup("localStorage", [ABSENT, "raid0"], { ...plain, instanceTypes: ["m5d.xlarge"] }),
  ofGroup("localDiskGb", [100, 200], {
    ...plain,
    instanceTypes: ["g99.xlarge"],
    architecture: "x86_64",
    gpuCount: 1,
    localStorage: "raid0",
  }),
  ofGroup("nodeRepair", [false, true]),
  ofGroup("gpuSharing.timeSlicing", [2, 4], gpu),
  ofGroup("gpuSharing.mps", [2, 4], gpu),
  ofGroup("gpuSharing.mig", ["1g.5gb", "2g.10gb"], efa),
  ofGroup("gpuSharing", [ABSENT, { timeSlicing: 2 }, { mps: 2 }], gpu),
  ofGroup("gpuSharing", [ABSENT, { timeSlicing: 2 }, { timeSlicing: 4 }], { ...gpu, imageFamily: "bottlerocket" }),
  ofGroup("labels", [ABSENT, { team: "a" }, { team: "b" }]),
  ofGroup("taints", [
    ABSENT,
    [{ key: "team", value: "a", effect: "NO_SCHEDULE" }],
    [{ key: "team", value: "b", effect: "NO_SCHEDULE" }],
  ]),
  ofGroup("taints.0.key", ["team", "crew"], { ...plain, taints: [{ key: "x", value: "a", effect: "NO_SCHEDULE" }] }),
  ofGroup("taints.0.value", ["a", ABSENT], { ...plain, taints: [{ key: "x", value: "a", effect: "NO_SCHEDULE" }] }),
  ofGroup("taints.0.effect", ["NO_SCHEDULE", "NO_EXECUTE"], {
    ...plain,
    taints: [{ key: "x", value: "a", effect: "NO_SCHEDULE" }],
  }),
];

const POOL = { suffix: "cpu", category: "cpu", instanceTypes: ["m5.xlarge"], minSize: 1, maxSize: 4 };
const ofPool = (path: string, values: unknown[]): Setting =>
  setting(`runnerPools.0.${path}`, values, { runnerPools: [POOL] });

const ADDON = { "vpc-cni": {} };
const ofAddon = (path: string, values: unknown[], addon: object = {}): Setting =>
  setting(`addons.metrics-server.${path}`, values, { "addons.metrics-server": addon });
const ENTRY = { principalArn: `${ROLE}people` };
const ofEntry = (path: string, values: unknown[], entry: object = ENTRY): Setting =>
  setting(`accessEntries.people.${path}`, values, { "accessEntries.people": entry });

const VIEW = { policy: "AmazonEKSViewPolicy" };
const GRANTED = { ...ENTRY, policies: [VIEW] };

export const cluster: Subject = {
  name: "Cluster",
  base: () => base,
  build: (scope, props) => new Cluster(scope, "cluster", props),
  settings: [
    setting("version", ["1.34", "1.35"]),
    setting("supportType", ["STANDARD", "EXTENDED"]),
    setting("logTypes", [["api", "audit"], ["api"], []]),
    setting("logRetentionDays", [ABSENT, 30, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    setting("zonalShift", [false, true]),
    setting("controlPlaneSubnetIds", [ABSENT, ["subnet-0000000000000000a", "subnet-0000000000000000c"]]),
    setting("nodeSubnetIds", [ABSENT, ["subnet-0000000000000000a"]]),
    setting("serviceIpv4Cidr", [ABSENT, "172.20.0.0/16", "172.21.0.0/16"]),
    together("endpointPublicAccess", [
      { endpointPublicAccess: false },
      { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] },
    ]),
    setting("publicAccessCidrs", [["203.0.113.0/24"], ["203.0.113.0/24", "198.51.100.0/24"]], {
      endpointPublicAccess: true,
    }),
    setting("clientPorts", [ABSENT, [50050], []]),
    setting("clientCidrs", [ABSENT, ["10.8.0.0/16"]]),
    setting("apiFromVpc", [true, false]),
    setting("apiCidrs", [ABSENT, ["10.8.0.0/16"]]),
    setting("webhookPorts", [ABSENT, [9999]]),
    setting("administrators", [ABSENT, { ops: `${ROLE}ops` }, { ops: `${ROLE}sre` }]),
    ofEntry("principalArn", [`${ROLE}people`, `${ROLE}others`]),
    setting("accessEntries.nodes.type", ["STANDARD", "EC2_LINUX"], {
      "accessEntries.nodes": { principalArn: `${ROLE}nodes` },
    }),
    ofEntry("kubernetesGroups", [ABSENT, ["devs"], ["ops"]]),
    ofEntry("userName", [ABSENT, "alice", "bob"]),
    ofEntry("policies", [ABSENT, [VIEW], [{ policy: "AmazonEKSEditPolicy" }]]),
    ofEntry("policies.0.policy", ["AmazonEKSViewPolicy", "AmazonEKSEditPolicy"], GRANTED),
    setting("accessEntries.people.policies.0", [VIEW, { ...VIEW, scope: "namespace", namespaces: ["dev"] }], {
      "accessEntries.people": GRANTED,
    }),
    ofEntry("policies.0.namespaces", [["dev"], ["dev", "test"]], {
      ...ENTRY,
      policies: [{ ...VIEW, scope: "namespace", namespaces: ["dev"] }],
    }),
    setting("kmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    setting("kmsKeyAdministrators", [ABSENT, [`${ROLE}keys`]]),
    setting("systemGroups.scheduler", [false, {}]),
    setting("systemGroups.module-repository", [false, {}]),
    setting("systemGroups.prometheus", [false, {}]),
    setting("runnerPools", [[], [POOL]]),
    ofPool("suffix", ["cpu", "other"]),
    setting("runnerPools.0.acceleratorLabel", [ABSENT, "nvidia-a10g"], {
      runnerPools: [{ ...POOL, category: "gpu", instanceTypes: ["g5.xlarge"] }],
    }),
    ofPool("additionalTaints", [ABSENT, [{ key: "team", value: "a", effect: "NO_SCHEDULE" }]]),
    ofPool("additionalLabels", [ABSENT, { team: "a" }]),
    setting("additionalNodeGroups", [ABSENT, { extra: plain }]),
    ...groupSettings,
    setting("autoscaler", ["cluster-autoscaler", "none", "karpenter"], { runnerPools: [POOL] }),
    setting("instanceTags", [ABSENT, { Team: "a" }, { Team: "b" }]),
    setting("volumeTags", [ABSENT, { Team: "a" }, { Team: "b" }]),
    setting("autoscalingGroupTags", [ABSENT, { Team: "a" }, { Team: "b" }]),
    setting("sessionManager", [false, true]),
    setting("addons", [ABSENT, { coredns: {}, "metrics-server": {} }]),
    setting("addons.coredns", [ABSENT, false]),
    ofAddon("version", [ABSENT, "v0.8.0-eksbuild.1", "v0.8.0-eksbuild.2", "latest"]),
    ofAddon("configuration", [ABSENT, { replicas: 2 }, { replicas: 3 }]),
    setting("addons.vpc-cni.configuration", [ABSENT, { env: { A: "1" } }], { addons: ADDON }),
    ofAddon("resolveConflicts", ["OVERWRITE", "PRESERVE", "NONE"]),
    ofAddon("preserve", [false, true]),
    ofAddon("podIdentity", [
      ABSENT,
      { serviceAccount: "one", roleArn: `${ROLE}one` },
      { serviceAccount: "one", policyArns: { read: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" } },
    ]),
    ofAddon("podIdentity.serviceAccount", ["one", "two"], {
      podIdentity: { serviceAccount: "one", roleArn: `${ROLE}one` },
    }),
    ofAddon("podIdentity.roleArn", [`${ROLE}one`, `${ROLE}two`], {
      podIdentity: { serviceAccount: "one", roleArn: `${ROLE}one` },
    }),
    ofAddon("podIdentity.policy", [ABSENT, '{"Version":"2012-10-17","Statement":[]}'], {
      podIdentity: {
        serviceAccount: "one",
        policyArns: { read: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
      },
    }),
    ofAddon(
      "podIdentity.policyArns",
      [
        { read: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
        { all: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
      ],
      { podIdentity: { serviceAccount: "one" } },
    ),
    setting("prefixDelegation", [false, true]),
    setting("oidcProvider", [true, false]),
    setting("autoMode", [ABSENT, {}, { nodePools: [] }]),
    setting("autoMode.nodePools", [ABSENT, ["system"], []], { autoMode: {} }),
  ],
  fixed: {
    name: "names what it is, which is another cluster under another name",
    network: "is where the cluster stands: its subnets are changed by controlPlaneSubnetIds and nodeSubnetIds",
    controlPlaneScalingTier: "needs AWS provider 6.x",
    deletionProtection: "needs AWS provider 6.x",
    allowPublicAccessFromAnywhere: "lets a value of publicAccessCidrs through, and changes nothing by itself",
    systemGroups: "have the settings of every group, which additionalNodeGroups changes",
    runnerPools: "have the settings of every group, which additionalNodeGroups changes",
    "accessEntries.*.policies.*.scope": "goes with the namespaces of the policy",
    securityGroupRules: "says what quota the account has, and changes nothing by itself",
    allowReplacement: LETS_THROUGH,
    "additionalNodeGroups.*.architecture": "says what is known of a type, and changes nothing by itself",
    "additionalNodeGroups.*.gpuCount": "says what is known of a type, and changes nothing by itself",
    "additionalNodeGroups.*.neuronDeviceCount": "says what is known of a type, and changes nothing by itself",
    "additionalNodeGroups.*.efaNetworkCards": "says what is known of a type, and changes nothing by itself",
    "additionalNodeGroups.*.nodeRepair": "has limits that need AWS provider 6.x",
  },
};
