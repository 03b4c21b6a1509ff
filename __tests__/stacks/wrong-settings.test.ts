import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { defineEnvironment } from "../../stacks/environment";
import { systemKeys } from "../../stacks/systems";
import { linesWith, rich, withValue, wrongLines } from "./wrong-settings.fixture";

/** A number that is known only at apply. */
const late = Token.asNumber({ resolve: () => 3 });
const LATE = "must be known before apply, got a value known only at apply";
const pool = { suffix: "cpu", category: "cpu", instanceTypes: ["m5.xlarge"], minSize: 0, maxSize: 1 };
const CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";

/** Wrong settings: the path and the value that the user writes, words of the error, and its path where it is another. */
const WRONG: [path: string, value: unknown, words: string, said?: string][] = [
  ["name", "Prod", "must have 2 to 16 lower-case letters"],
  ["region", "us-esat-1", "must be an AWS region"],
  ["account", "1111", "must be an AWS account number of 12 digits"],
  ["state.bucket", "a", "must have 3 to 63"],
  ["state.kind", "gcs", "must be one of local, s3"],
  ["state.kmsKeyId", "mine", "must be a KMS key ARN or an alias"],
  ["tags.Stack", "x", "is set by every stack"],
  ['tags["a.b"]', 1, "must be of type string"],
  ["exadeplpy", {}, "did you mean exadeploy?"],
  ["exadeploy.clusters", {}, "did you mean cluster?"],
  ["exadeploy.deployerIsAdministrator", "yes", "must be of type boolean"],
  ["exadeploy.network", [], "must be an object of settings"],
  ["exadeploy.network.name", "mine", "since the stack sets it"],
  ["exadeploy.network.cidr", "10.0.0.0/8", "must have a prefix from /16 to /24"],
  ["exadeploy.network.azs[1]", "us-west-2", "must be the name of an availability zone"],
  ["exadeploy.network.azCount", 2, "must be the number of azs (3)"],
  ["exadeploy.network.nat", "two", "must be one of none, single"],
  ["exadeploy.network.public.cidrs", ["10.9.0.0/24"], "must lie in cidr", "exadeploy.network.public.cidrs[0]"],
  ["exadeploy.network.interfaceEndpoints[0]", "s3", "must be left out", undefined],
  ["exadeploy.network.flowLogs.logRetentionDays", 6, "must be one of"],
  ["exadeploy.network.database", false, "must be on for the RDS subnet group"],
  ["exadeploy.clientNetwork.cidr", "10.254.0.0/16", "must not overlap our own CIDRs"],
  ["exadeploy.clientNetwork.database", { cidrs: ["x"] }, "CIDR", "exadeploy.clientNetwork.database.cidrs[0]"],
  ["exadeploy.cluster.version", "1.29", "must be at least 1.30"],
  ["exadeploy.cluster.version", 1.34, "must be of type string, got 1.34"],
  ["exadeploy.cluster.name", "mine", "since the stack sets it"],
  ["exadeploy.cluster.logTypes[1]", "kubelet", "must be one of api, audit"],
  ["exadeploy.cluster.logRetentionDays", 2, "must be one of"],
  ["exadeploy.cluster.clientPorts[0]", 0, "must be at least 1, got 0"],
  ["exadeploy.cluster.clientPorts[0]", late, LATE],
  ["exadeploy.cluster.administrators.platform", "me", "must be the ARN"],
  ["exadeploy.cluster.publicAccessCidrs", ["0.0.0.0/0"], "endpointPublicAccess"],
  ["exadeploy.cluster.serviceIpv4Cidr", "10.254.0.0/20", "must not overlap the VPC's block"],
  ["exadeploy.cluster.kmsKeyArn", "alias/mine", "must be the ARN of a KMS key"],
  ["exadeploy.cluster.runnerPools", {}, "must be of type array"],
  ["exadeploy.cluster.runnerPools[0].efa", "on", "must be of type boolean"],
  ["exadeploy.cluster.runnerPools[0].maxSize", 0, "must be at least 1, got 0"],
  ["exadeploy.cluster.runnerPools[1].minSize", -1, "must be at least 0, got -1"],
  ["exadeploy.cluster.runnerPools[1].minSize", 17, "must be at most 16", "exadeploy.cluster.runnerPools[1].maxSize"],
  ["exadeploy.cluster.runnerPools[1].maxSize", late, LATE],
  ["exadeploy.cluster.runnerPools[2].suffix", "cpu", "unique"],
  ["exadeploy.cluster.runnerPools[2].instanceTypes[0]", "m55.xlarge", "m55.xlarge"],
  ["exadeploy.cluster.runnerPools[2].category", "tpu", "must be one of cpu, gpu, neuron"],
  ["exadeploy.cluster.runnerPools[2].diskSize", 1, "must be at least"],
  ["exadeploy.cluster.runnerPools[2].diksSize", 100, "did you mean diskSize?"],
  ["exadeploy.cluster.systemGroups.default", false, "must stay unless autoMode is on"],
  ["exadeploy.cluster.systemGroups.default.minSize", 0, "must be at least 1"],
  ["exadeploy.cluster.systemGroups.scheduler.maxSize", 0, "must be at least 1"],
  [
    "exadeploy.cluster.additionalNodeGroups.default",
    pool,
    "unknown key",
    "exadeploy.cluster.additionalNodeGroups.default.suffix",
  ],
  ["exadeploy.cluster.autoscaler", "karpenter", "must be the number of nodes"],
  ["exadeploy.cluster.addons.coredns", "on", "must be"],
  ["exadeploy.moduleRepoBackend.dbStorage", 19, "must be at least 20, got 19"],
  ["exadeploy.moduleRepoBackend.dbStorage", late, LATE],
  ["exadeploy.moduleRepoBackend.maxAllocatedStorage", 105, "must be at least 110"],
  ["exadeploy.moduleRepoBackend.dbInstanceClass", "m7g.large", "must be an RDS instance class"],
  ["exadeploy.moduleRepoBackend.dbUsername", "Admin", "lower-case"],
  ["exadeploy.moduleRepoBackend.backupRetentionDays", 36, "must be at most 35"],
  ["exadeploy.moduleRepoBackend.serviceAccount", "mine", "must be that of kube.release (exadeploy)"],
  [
    "exadeploy.moduleRepoBackend.allowMajorVersionUpgrade",
    true,
    "must be true",
    "exadeploy.moduleRepoBackend.applyImmediately",
  ],
  ["exadeploy.peers.Partner", {}, "must have 1 to 32 lower-case letters"],
  ["exadeploy.peers.client", peer("10.8.0.0/16"), "is the name under which clientNetwork is peered"],
  ["exadeploy.peers.partner.vpcId", "vpc-1", "must be a VPC id"],
  ["exadeploy.peers.partner.provider", {}, "since the stack sets it"],
  ["exadeploy.peers.partner.roleArn", undefined, "is required to add routes"],
  ["exadeploy.peers.partner.roleArn", "peering", "must be the ARN of an IAM role"],
  ["exadeploy.peers.partner.cidrs", ["10.254.7.0/24"], "must not overlap our own CIDRs"],
  ["exadeploy.peers.partner.cidrs[0]", "10.2.0.0", "must be an IPv4 CIDR"],
  ["exadeploy.peers.tokyo.region", "ap-nowhere-9", "must be an AWS region"],
  ["exadeploy.peers.research.routeTables", undefined, "is required, or the peer cannot answer"],
  ["exadeploy.kube.platform.prometheus.retentionDays", 0, "must be at least 1"],
  ["exadeploy.kube.platform.prometheus.grafana", 1, "must be"],
  ["exadeploy.kube.platform.karpenter", {}, "must be left out where the cluster's autoscaler is cluster-autoscaler"],
  ["exadeploy.kube.platform.operators.kueu", {}, "did you mean kueue?"],
  ["exadeploy.kube.platform.operators.volcano.replicas", 2, "must be left out with volcano"],
  ["exadeploy.kube.platform.namespaces.kube-jobs", {}, "must not be default nor begin with kube-"],
  ["exadeploy.kube.platform.namespaces.jobs.quota.gpus", -1, "must be at least 0"],
  ["exadeploy.kube.platform.volumes.models.namespace", "A", "lower-case"],
  [
    "exadeploy.kube.platform.clusterAutoscaler.expander",
    "priority",
    "is required",
    "exadeploy.kube.platform.clusterAutoscaler.priorities",
  ],
  ["exadeploy.kube.platform.storageClass.throughput", 1000, "must be at most a quarter of iops"],
  ["exadeploy.kube.platform.loadBalancerController.replicas", 6, "must be at most 5"],
  ["exadeploy.kube.platform.externalSecrets.secretArns", [], "must have at least 1 items"],
  ["exadeploy.kube.platform.dcgmExporter.serviceMonitor.intervalSeconds", 1, "must be at least 5"],
  ["exadeploy.kube.platform.gpuOperator.configs", 1, "must be"],
  ["exadeploy.kube.release.scheduler.image", "a b", "image"],
  ["exadeploy.kube.release.scheduler.minRunners", late, LATE],
  ["exadeploy.kube.release.runner.cpuOnly", "yes", "must be of type boolean"],
  ["exadeploy.kube.release.runner.cpuOnly", false, "", undefined],
  ["exadeploy.kube.release.exposure", "public", "must be one of internal"],
  ["exadeploy.kube.release.apiKeySecretArn", "01234567-89ab-cdef-0123-456789abcdef", "never the key itself"],
  ["exadeploy.kube.release.namespace", "kube-exadeploy", "must not begin with kube-"],
  ["mlEc2.owner", "", "must have at least 1 characters"],
  ["mlEc2.network.cidr", "10.100.0.0/25", "prefix"],
  ["mlEc2.network.public.cidrs", [], "must have at least 1 items"],
  ["mlEc2.network.private", false, "must be a tier of which the network has subnets", "mlEc2.machines.placement"],
  ["mlEc2.machines.projectName", "ML", "must have 2 to 37"],
  ["mlEc2.machines.environment", "prod", "since the stack sets it"],
  ["mlEc2.machines.instanceType", "m55.xlarge", "m55.xlarge"],
  ["mlEc2.machines.instanceCount", 21, "must be at most 20"],
  ["mlEc2.machines.instanceCount", late, LATE],
  ["mlEc2.machines.rootVolumeSize", 19, "must be at least 20"],
  ["mlEc2.machines.alertEmails[0]", "ops", "must be an e-mail address"],
  ["mlEc2.machines.dataVolumes[0].mountPoint", "/etc", "operating system"],
  ["mlEc2.machines.dataVolumes[0].size", 0, "must be at least 1"],
  ["mlEc2.machines.ciRole.subjects[0]", "repo:*", "must name the repository"],
  [
    "mlEc2.machines.replication",
    { region: "us-west-2" },
    "must not be the stack's own region",
    "mlEc2.machines.replication.region",
  ],
  ["mlEc2.machines.schedule", { stop: "0 20 * *" }, "cron", "mlEc2.machines.schedule.stop"],
  ["mlEc2.machines.spot", true, "must be false with spot", "mlEc2.machines.terminationProtection"],
  ["mlEc2.machines.cpuAlarmThreshold", 101, "must be at most 100"],
  ["mlEc2.machines.fleet", { minSize: 3, maxSize: 2 }, "", undefined],
  ["fossa.egress", "none", "must be one of nat-instance"],
  ["fossa.architecture", "arm64", "must be one of"],
  ["fossa.highAvailability", 1, "must be of type boolean"],
  ["fossa.network.nat", "single", "since the stack sets it"],
  ["fossa.network.cidr", "192.168.0.0", "must be an IPv4 CIDR"],
  ["fossa.existingNetwork", { vpcId: "vpc-0a1b2c3d4e5f60718" }, "is required", undefined],
  ["fossa.gateway.page", "nowhere", "must be one of host, container, none"],
  ["fossa.gateway.page", "none", "must be left out where page is none", "fossa.gateway.tls"],
  ["fossa.gateway.tls.domainName", "fossa", "domain"],
  ["fossa.gateway.imageFolder", "no/such/folder", "must be a folder, but it does not exist"],
  [
    "fossa.gateway.vpn",
    { clientCidr: "10.12.0.0/23", serverCertificateArn: CERTIFICATE, rootCertificateChainArn: CERTIFICATE },
    "prefix",
    "fossa.gateway.vpn.clientCidr",
  ],
  ["fossa.gateway.alarms", false, "must be left out where alarms is off", "fossa.gateway.alertEmails"],
  ["fossa.cluster.workers.cpu", 1000, "must be"],
  ["fossa.cluster.workers.memory", 1024, "must be"],
  ["fossa.cluster.workers.desiredCount", 64, "must lie within the 4 to 32 workers"],
  ["fossa.cluster.workers.autoscaling.min", late, LATE],
  ["fossa.cluster.broker.kind", "kafka", "must be one of"],
  ["fossa.cluster.broker.hostInstanceType", "mq.t9.large", "must"],
  ["fossa.cluster.containerInsights", "disabled", "must be enabled or enhanced where the gateway has alarms"],
  ["fossa.cluster.namespaceName", "a b", "must"],
  ["fossa.cluster.gateway", {}, "since the stack sets it"],
];

function peer(cidr: string) {
  return { vpcId: "vpc-0e1b2c3d4e5f60718", cidrs: [cidr], routeTables: ["rtb-0e1b2c3d4e5f60718"] };
}

it("finds nothing wrong with the settings that are made wrong here", () => {
  expect(wrongLines(defineEnvironment(rich))).toEqual([]);
});
describe("a wrong setting is told once, by the path that the user wrote", () => {
  it("in more than a hundred ways, and in every system", () => {
    expect(WRONG.length).toBeGreaterThan(100);
    for (const key of systemKeys)
      expect(
        WRONG.some(([path]) => path.startsWith(`${key}.`)),
        key,
      ).toBe(true);
  });
  it.each(WRONG)("%s: %j", (path, value, words, said = path) => {
    const lines = linesWith(path, value);
    const owner = path === "name" ? String(value) : "prod";
    expect(lines.map((line) => line.slice(0, `${owner}: ${said}: `.length))).toEqual([`${owner}: ${said}: `]);
    expect(lines[0]).toContain(words);
  });
});
