import { LaunchTemplate, type LaunchTemplateConfig } from "@cdktf/provider-aws/lib/launch-template";
import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { GP3_BASELINE } from "../aws/ec2/gp3";
import type { Hardware } from "../aws/ec2/instance-types";
import { boundedName } from "../common/names";
import { bottlerocketReplicas } from "./gpu-sharing";
import { hasReservation, makesPlacementGroup } from "./group-rules";
import type { NodeGroupSettings } from "./group-settings";
import type { NodeGroupCluster } from "./node-group-cluster";
import { instanceTags, type NodePool } from "./node-pool";
import { raid0UserData, timeSlicingUserData } from "./user-data";

/** Launch template of a managed node group, with the placement group and the EFA security group it uses. */
export function makeLaunchTemplate(scope: Construct, cluster: NodeGroupCluster, pool: NodePool): LaunchTemplate {
  const { name, settings, hardware } = pool;
  const { capacityType, instanceTypes, metadataHopLimit } = settings;
  const tags = instanceTags(pool, cluster.clusterName, cluster.instanceTags);
  return new LaunchTemplate(scope, "launch-template", {
    // EC2: 3 to 128 characters, of which the provider's suffix takes 26. A name known only at apply time cannot be cut to fit.
    namePrefix: `${boundedName(101, Token.isUnresolved(cluster.clusterName) ? "eks" : cluster.clusterName, name)}-`,
    blockDeviceMappings: blockDevices(settings),
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: metadataHopLimit },
    ...(settings.detailedMonitoring && { monitoring: { enabled: true } }),
    ...(settings.efa
      ? {
          networkInterfaces: efaInterfaces(hardware, [
            cluster.nodeSecurityGroupId,
            efaSecurityGroup(scope, name, cluster),
          ]),
        }
      : { vpcSecurityGroupIds: [cluster.nodeSecurityGroupId] }),
    ...placement(scope, name, cluster, settings),
    ...(capacityType === "CAPACITY_BLOCK" && {
      instanceType: instanceTypes[0],
      instanceMarketOptions: { marketType: "capacity-block" },
    }),
    ...(hasReservation(settings) && {
      capacityReservationSpecification: {
        capacityReservationTarget: {
          capacityReservationId: settings.capacityReservationId,
          capacityReservationResourceGroupArn: settings.capacityReservationResourceGroupArn,
        },
      },
    }),
    ...userData(settings),
    tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
  });
}

/** Encrypted gp3 volumes. Bottlerocket has one for the system and a second for images and pods. */
function blockDevices({ imageFamily, diskSize, diskIops, diskThroughput, diskKmsKeyArn }: NodeGroupSettings) {
  const volume = { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true", kmsKeyId: diskKmsKeyArn };
  const speed = { iops: diskIops ?? GP3_BASELINE.iops, throughput: diskThroughput ?? GP3_BASELINE.throughput };
  const data = { ...volume, volumeSize: diskSize, ...speed };
  if (imageFamily === "al2023") return [{ deviceName: "/dev/xvda", ebs: data }];
  return [
    { deviceName: "/dev/xvda", ebs: volume }, // the size of the image's own
    { deviceName: "/dev/xvdb", ebs: data },
  ];
}

function userData(settings: NodeGroupSettings) {
  const base64 = (text: string) => ({ userData: Buffer.from(text).toString("base64") });
  if (settings.localStorage) return base64(raid0UserData());
  const replicas = bottlerocketReplicas(settings);
  return replicas === undefined ? {} : base64(timeSlicingUserData(replicas));
}

/** One EFA interface on each network card; the first interface also carries the node's IP traffic. */
function efaInterfaces(hardware: Hardware, securityGroups: string[]): LaunchTemplateConfig["networkInterfaces"] {
  const cards = hardware.firstEfaCard + (hardware.efaInterfaces ?? 0);
  return Array.from({ length: cards }, (_, card) => ({
    networkCardIndex: card,
    deviceIndex: card === 0 ? 0 : 1,
    interfaceType: card > 0 ? "efa-only" : hardware.firstEfaCard === 0 ? "efa" : "interface",
    deleteOnTermination: "true",
    securityGroups,
  }));
}

/** EC2 user guide, "Get started with EFA": all traffic within the group, in and out. */
function efaSecurityGroup(scope: Construct, name: string, { clusterName, vpcId }: NodeGroupCluster): string {
  const { id } = new SecurityGroup(scope, "efa-security-group", {
    namePrefix: `${boundedName(80, "efa", name)}-`,
    description: "EFA traffic among the nodes of a group",
    vpcId,
    tags: { Name: `${clusterName}-${name}-efa` },
  });
  const rule = { securityGroupId: id, referencedSecurityGroupId: id, ipProtocol: "-1" };
  new VpcSecurityGroupIngressRule(scope, "efa-ingress", { ...rule, description: "EFA from the same group" });
  new VpcSecurityGroupEgressRule(scope, "efa-egress", { ...rule, description: "EFA to the same group" });
  return id;
}

function placement(scope: Construct, name: string, { clusterName }: NodeGroupCluster, settings: NodeGroupSettings) {
  if (settings.placementGroupName) return { placement: { groupName: settings.placementGroupName } };
  if (!makesPlacementGroup(settings)) return {};
  // At most 255 characters: a cluster's name has up to 100, a group's up to 63.
  const group = new PlacementGroup(scope, "placement-group", { name: `${clusterName}-${name}`, strategy: "cluster" });
  return { placement: { groupName: group.name } };
}
