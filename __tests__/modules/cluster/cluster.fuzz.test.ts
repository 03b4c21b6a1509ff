import fc from "fast-check";
import type { ClusterProps, ClusterSettings } from "../../../modules/cluster/cluster";
import { fuzz, jsonValue, type Wrong } from "../../support/fuzz";
import { LEAN, make, NETWORK } from "./cluster.fixture";
import { validNodeGroup, validRunnerPools } from "./group-arbitraries.fixture";
import { invalidNodeGroup, invalidRunnerPool } from "./group-breaks.fixture";

type Props = Partial<ClusterProps>;
type Entry = NonNullable<ClusterSettings["accessEntries"]>[string];
type Addon = NonNullable<ClusterSettings["addons"]>[string];

const some = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] }) as unknown as fc.Arbitrary<Partial<T>>;
const flag = fc.boolean();
const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { maxLength: 4 });
const octet = fc.integer({ min: 0, max: 255 });
/** Blocks of /24 in 192.168.0.0/16, apart from the VPC. */
const cidrs = fc.uniqueArray(
  octet.map((third) => `192.168.${third}.0/24`),
  { maxLength: 3 },
);
const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,20}$/);
const role = fc.stringMatching(/^[A-Za-z0-9+=,.@_/-]{1,30}$/).map((name) => `arn:aws:iam::123456789012:role/${name}`);
const tags = fc.dictionary(
  fc.stringMatching(/^[A-Za-z][\w.:/=+@ -]{0,30}$/).filter((name) => !/^aws:/i.test(name)),
  fc.stringMatching(/^[\w.:/=+@ -]{0,40}$/),
  { maxKeys: 3, noNullPrototype: true },
);
const name = fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/);

const grant = fc
  .record({
    policy: fc.constantFrom("AmazonEKSViewPolicy", "AmazonEKSEditPolicy", "AmazonEKSAdminPolicy"),
    arn: flag,
    namespaces: fc.option(
      fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,9}(-\*)?$/), { minLength: 1, maxLength: 3 }),
    ),
  })
  .map(({ policy, arn, namespaces }) => ({
    policy: arn ? `arn:aws:eks::aws:cluster-access-policy/${policy}` : policy,
    ...(namespaces && { scope: "namespace" as const, namespaces }),
  }));
const entry: fc.Arbitrary<Omit<Entry, "principalArn">> = fc.oneof(
  fc.record({ type: fc.constantFrom("EC2_LINUX" as const, "EC2" as const, "HYBRID_LINUX" as const) }),
  some<Omit<Entry, "principalArn" | "type">>({
    kubernetesGroups: fc.array(fc.stringMatching(/^[a-rt-z][a-z:-]{0,15}$/), { maxLength: 3 }),
    userName: fc.stringMatching(/^[b-df-hj-rt-z][a-z]{0,5}(:\{\{SessionName(Raw)?\}\})?$/),
    policies: fc.uniqueArray(grant, { maxLength: 3, selector: ({ policy }) => policy.split("/").pop() }),
  }),
);
/** Administrators and entries: every key and every principal once. */
const access = fc
  .uniqueArray(fc.tuple(key, role, entry, flag), { maxLength: 4, comparator: (a, b) => a[0] === b[0] || a[1] === b[1] })
  .map((people) => ({
    administrators: Object.fromEntries(people.filter(([, , , all]) => all).map(([key, arn]) => [key, arn])),
    accessEntries: Object.fromEntries(
      people.filter(([, , , all]) => !all).map(([key, principalArn, rest]) => [key, { principalArn, ...rest }]),
    ),
  }));

const identity = fc.oneof(
  fc.record({ serviceAccount: fc.constant("csi.sa-1"), roleArn: role }),
  fc.record({
    serviceAccount: fc.constant("csi"),
    policyArns: fc.dictionary(key, fc.constant("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"), {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }),
    policy: fc.constantFrom(undefined, '{"Statement":[]}'),
  }),
);
const addon = some<Exclude<Addon, false>>({
  version: fc.constantFrom("latest", "v1.20.4-eksbuild.2", "v1.0.0"),
  configuration: fc.dictionary(
    key.filter((name) => name !== "env"),
    jsonValue({ maxDepth: 1 }),
    { maxKeys: 2, noNullPrototype: true },
  ) as fc.Arbitrary<Record<string, never>>,
  resolveConflicts: fc.constantFrom("OVERWRITE" as const, "PRESERVE" as const, "NONE" as const),
  preserve: flag,
  podIdentity: identity,
});
const addons = some<Record<string, Addon>>({
  "vpc-cni": addon,
  "kube-proxy": fc.oneof(addon, fc.constant(false as const)),
  coredns: fc.oneof(addon, fc.constant(false as const)),
  "aws-ebs-csi-driver": fc.oneof(addon, fc.constant(false as const)),
  "eks-node-monitoring-agent": fc.oneof(addon, fc.constant(false as const)),
  "metrics-server": addon,
  kubecost_kubecost: addon,
});

const special = validNodeGroup.map(({ labels, ...group }) => ({
  ...group,
  labels: Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => key !== "role")),
}));
const systemGroups = some({
  default: validNodeGroup.map(({ taints: _, ...group }) => ({
    ...group,
    minSize: Math.max(1, group.minSize),
    maxSize: Math.max(1, group.maxSize),
  })),
  scheduler: fc.oneof(fc.constant(false as const), special, fc.constant({ maxSize: 3 })),
  "module-repository": fc.oneof(fc.constant(false as const), special),
  prometheus: fc.oneof(fc.constant(false as const), special),
});

const control = some<Props>({
  name,
  version: fc.integer({ min: 30, max: 39 }).map((minor) => `1.${minor}`),
  supportType: fc.constantFrom("STANDARD" as const, "EXTENDED" as const),
  serviceIpv4Cidr: fc.constantFrom("172.20.0.0/16", "172.16.0.0/12", "192.168.7.0/24"),
  controlPlaneSubnetIds: fc.constant(["subnet-0000000000000000c", "subnet-0000000000000000d"]),
  logTypes: fc.uniqueArray(
    fc.constantFrom("api" as const, "audit" as const, "authenticator" as const, "scheduler" as const),
  ),
  logRetentionDays: fc.constantFrom(0 as const, 1 as const, 90 as const, 3653 as const),
  controlPlaneScalingTier: fc.constantFrom("standard" as const, "tier-8xl" as const),
  deletionProtection: flag,
  zonalShift: flag,
  oidcProvider: flag,
  sessionManager: flag,
  prefixDelegation: flag,
  autoMode: some({ nodePools: fc.uniqueArray(fc.constantFrom("system" as const, "general-purpose" as const)) }),
});
const reach = some<Props>({
  clientPorts: ports,
  webhookPorts: ports,
  clientCidrs: cidrs,
  apiFromVpc: fc.boolean(),
  securityGroupRules: fc.integer({ min: 60, max: 1000 }),
  apiCidrs: cidrs,
  network: fc.constantFrom(NETWORK, { ...NETWORK, vpcCidrBlocks: ["10.0.0.0/16", "100.64.0.0/16"] }),
});
const endpoint = fc.constantFrom<Props>(
  {},
  { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24", "198.51.100.1/32"] },
  { endpointPublicAccess: true, publicAccessCidrs: ["0.0.0.0/0"], allowPublicAccessFromAnywhere: true },
);
const encryption = fc.oneof(
  some<Props>({ kmsKeyAdministrators: fc.uniqueArray(role, { maxLength: 3 }) }),
  fc.constant<Props>({ kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c" }),
);
const groups = some<Props>({
  systemGroups: systemGroups as fc.Arbitrary<ClusterSettings["systemGroups"]>,
  runnerPools: validRunnerPools,
  additionalNodeGroups: fc.dictionary(fc.stringMatching(/^x[0-9A-Za-z_-]{0,62}$/), validNodeGroup, {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  autoscaler: fc.constantFrom("cluster-autoscaler" as const, "karpenter" as const, "none" as const),
  instanceTags: tags,
  volumeTags: fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{0,10}$/), fc.stringMatching(/^[\w=]{0,9}$/), { maxKeys: 3 }),
  autoscalingGroupTags: tags,
});
const rest = fc.record({ addons }, { requiredKeys: [] });
const valid: fc.Arbitrary<Props> = fc
  .tuple(control, reach, endpoint, encryption, access, fc.oneof(groups, fc.constant({})), rest)
  .map((parts) => Object.assign({}, ...parts))
  // the releases are those of the default version
  .map(({ version, ...props }) =>
    JSON.stringify(props).includes('"releaseVersion":"') ? props : { version, ...props },
  );

const ARN = "arn:aws:iam::123456789012:role/x";
const GROUP = { instanceTypes: ["m5.large"], minSize: 0, maxSize: 1 };
const POOL = { ...GROUP, suffix: "a", category: "cpu" };
/** Ways to break a key: what to set, and the key that the error names when it is not the first of them. */
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...["", "-x", "a b", "a/b", "x".repeat(101), 7, null, undefined].map((name) => ["name", { name }] as const),
  ...["1.29", "1.40", "1.3", "1.350", "2.30", "", 1.35, "v1.35"].map((version) => ["version", { version }] as const),
  ...["LTS", ""].map((supportType) => ["supportType", { supportType }] as const),
  ...[{}, 1, "vpc-1", [], { vpcId: "vpc-1" }, undefined].map((network) => ["network", { network }] as const),
  ["network.vpcCidrBlocks[0]", { network: { ...NETWORK, vpcCidrBlocks: [7] } }],
  ...["10.0.0.0/16", [], ["x"], null].map(
    (vpcCidrBlocks) => ["network.vpcCidrBlocks", { network: { ...NETWORK, vpcCidrBlocks } }] as const,
  ),
  ...[[], ["a"], "a", undefined, 4].map(
    (privateSubnetIds) =>
      [
        "network.privateSubnetIds",
        { controlPlaneSubnetIds: undefined, network: { ...NETWORK, privateSubnetIds } },
      ] as const,
  ),
  ["controlPlaneSubnetIds", { controlPlaneSubnetIds: ["a", "a"] }],
  ["nodeSubnetIds", { nodeSubnetIds: [] }],
  ...["10.0.0.0/20", "8.0.0.0/16", "172.20.0.0/25", "172.20.0.0/11", "172.20.0.1/16", "x", 5].map(
    (serviceIpv4Cidr) => ["serviceIpv4Cidr", { serviceIpv4Cidr }] as const,
  ),
  ...[[], "x", 7, null].map(
    (publicAccessCidrs) => ["publicAccessCidrs", { endpointPublicAccess: true, publicAccessCidrs }] as const,
  ),
  ...["10.0.0.0/8", "0.0.0.0/0", "203.0.113.1/24", "", 7, null, {}].map(
    (cidr) =>
      [
        "publicAccessCidrs[0]",
        { endpointPublicAccess: true, allowPublicAccessFromAnywhere: false, publicAccessCidrs: [cidr] },
      ] as const,
  ),
  ["publicAccessCidrs", { endpointPublicAccess: false, publicAccessCidrs: ["203.0.113.0/24"] }],
  ["endpointPublicAccess", { endpointPublicAccess: 1 }],
  ...["clientPorts", "webhookPorts"].flatMap((name) => [
    ...[0, 65536, 1.5, "80", null].map((port) => [`${name}.0`, { [name]: [port] }] as const),
    [name, { [name]: [80, 80] }] as const,
    [name, { [name]: 80 }] as const,
  ]),
  ...["yes", 1, null].map((value) => ["apiFromVpc", { apiFromVpc: value }] as const),
  ...[59, 1001, 60.5, "60", null].map((value) => ["securityGroupRules", { securityGroupRules: value }] as const),
  ...["clientCidrs", "apiCidrs"].flatMap((name) => [
    ...["0.0.0.0/0", "10.0.0.0/7", "10.0.0.1/8", "", 7, null, {}].map(
      (cidr) => [`${name}.0`, { [name]: [cidr] }] as const,
    ),
    [name, { [name]: "10.0.0.0/8" }] as const,
  ]),
  ...["x", "arn:aws:sts::123456789012:assumed-role/a/b", 7, null, {}].map(
    (arn) => ["administrators.a", { administrators: { a: arn } }] as const,
  ),
  ["administrators.b", { administrators: { a: ARN, b: ARN } }],
  ...["x", 7, undefined, {}].map(
    (principalArn) =>
      ["accessEntries.a.principalArn", { accessEntries: { a: { principalArn, type: "EC2_LINUX" } } }] as const,
  ),
  ["accessEntries.a.type", { accessEntries: { a: { principalArn: ARN, type: "standard" } } }],
  ["accessEntries.a.userName", { accessEntries: { a: { principalArn: ARN, userName: "iam:x" } } }],
  ["accessEntries.a.policies[0].policy", { accessEntries: { a: { principalArn: ARN, policies: [{}] } } }],
  ...[[], ["A"], "a", [7]].map(
    (namespaces) =>
      [
        Array.isArray(namespaces) && namespaces.length > 0
          ? "accessEntries.a.policies[0].namespaces[0]"
          : "accessEntries.a.policies[0].namespaces",
        {
          accessEntries: {
            a: { principalArn: ARN, policies: [{ policy: "AmazonEKSViewPolicy", scope: "namespace", namespaces }] },
          },
        },
      ] as const,
  ),
  ...["alias/x", "", 7, {}].map((kmsKeyArn) => ["kmsKeyArn", { kmsKeyArn }] as const),
  ...["x", 7, null, {}].map(
    (arn) => ["kmsKeyAdministrators[0]", { kmsKeyArn: undefined, kmsKeyAdministrators: [arn] }] as const,
  ),
  ["kmsKeyAdministrators", { kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k", kmsKeyAdministrators: [ARN] }],
  ...[["api", "api"], "api", null].map((logTypes) => ["logTypes", { logTypes }] as const),
  ["logTypes[0]", { logTypes: ["API"] }],
  ...[2, 91, -1, "90", Number.NaN].map((logRetentionDays) => ["logRetentionDays", { logRetentionDays }] as const),
  ["controlPlaneScalingTier", { controlPlaneScalingTier: "tier-3xl" }],
  ...["deletionProtection", "zonalShift", "oidcProvider", "sessionManager", "prefixDelegation"].map(
    (name) => [name, { [name]: "true" }] as const,
  ),
  ...[true, "on", [], 1].map((autoMode) => ["autoMode", { autoMode }] as const),
  ["autoMode.nodePools[0]", { autoMode: { nodePools: ["x"] } }],
  ...[true, null, "latest", []].map((coredns) => ["addons.coredns", { addons: { coredns } }] as const),
  ...["1.2.3", "", 7].map((version) => ["addons.coredns.version", { addons: { coredns: { version } } }] as const),
  ["addons.coredns.configuration", { addons: { coredns: { configuration: [] } } }],
  ["addons.core_dns", { addons: { core_dns: false } }],
  ["addons.constructor.x", { addons: { constructor: { x: 1 } } }],
  ["addons.x.podIdentity.roleArn", { addons: { x: { podIdentity: { serviceAccount: "a" } } } }],
  ["addons.x.podIdentity.policy", { addons: { x: { podIdentity: { serviceAccount: "a", policy: "x" } } } }],
  ["addons.vpc-cni", { prefixDelegation: true, addons: { "vpc-cni": false } }],
  ["addons.eks-pod-identity-agent", { autoMode: undefined, addons: { "eks-pod-identity-agent": false } }],
  ["systemGroups.default", { autoMode: undefined, systemGroups: { default: false } }],
  ["systemGroups.default.minSize", { autoMode: undefined, systemGroups: { default: { minSize: 0 } } }],
  ...[true, 7, null, "off"].map(
    (group) => ["systemGroups.prometheus", { systemGroups: { prometheus: group } }] as const,
  ),
  ["systemGroups.prometheus.labels.role", { systemGroups: { prometheus: { labels: { role: "x" } } } }],
  ["systemGroups.worker", { systemGroups: { worker: {} } }],
  ["runnerPools", { runnerPools: {} }],
  ["runnerPools[1].suffix", { runnerPools: [POOL, POOL] }],
  ["additionalNodeGroups.scheduler", { additionalNodeGroups: { scheduler: GROUP } }],
  ["additionalNodeGroups.runner-a", { runnerPools: [POOL], additionalNodeGroups: { "runner-a": GROUP } }],
  ["additionalNodeGroups._x", { additionalNodeGroups: { _x: GROUP } }],
  ["autoscaler", { autoscaler: "hpa" }],
  ...["instanceTags", "autoscalingGroupTags"].flatMap((name) => [
    [`${name}.aws:a`, { [name]: { "aws:a": "b" } }] as const,
    [`${name}.a`, { [name]: { a: 1 } }] as const,
    [name, { [name]: ["a"] }] as const,
  ]),
  ["vpcId", { vpcId: "vpc-1" }],
];
const broken = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<Props> => ({ key, props: { ...props, ...settings } }));
const brokenGroup = fc.oneof(
  fc.tuple(valid, invalidRunnerPool).map(
    ([props, { key, props: pool }]): Wrong<Props> => ({
      key: `runnerPools[0].${key}`,
      props: { ...props, runnerPools: [pool] },
    }),
  ),
  fc.tuple(valid, invalidNodeGroup).map(
    ([props, { key, props: group }]): Wrong<Props> => ({
      key: `additionalNodeGroups.more.${key}`,
      props: { ...props, additionalNodeGroups: { more: group } },
    }),
  ),
);

fuzz<Props>("test/cluster", { valid, invalid: fc.oneof(broken, broken, brokenGroup) }, (scope, props) =>
  make(scope, { ...LEAN, ...props }),
);
