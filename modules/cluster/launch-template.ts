import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { GP3_BASELINE } from "../aws/ec2/gp3";
import type { Hardware } from "../aws/ec2/instance-types";
import { boundedName } from "../common/names";
import { efaInterfaces, efaSecurityGroup } from "./efa";
import { bottlerocketReplicas } from "./gpu-sharing";
import { hasReservation } from "./group-rules";
import type { NodeGroupSettings } from "./group-settings";
import type { NodeGroupCluster } from "./node-group-cluster";
import { instanceTags, type NodePool } from "./node-pool";
import { placementGroup } from "./placement-group";
import { raid0UserData, timeSlicingUserData } from "./user-data";

/** Launch template of a managed node group, with the placement group and the EFA security group it uses. */
export function makeLaunchTemplate(scope: Construct, cluster: NodeGroupCluster, pool: NodePool): LaunchTemplate {
  const { name, settings, hardware } = pool;
  const { capacityType, instanceTypes, metadataHopLimit } = settings;
  const tags = instanceTags(pool, cluster.clusterName, cluster.instanceTags);
  const groupName = placementGroup(scope, pool, cluster);
  return new LaunchTemplate(scope, "launch-template", {
    // EC2: 3 to 128 characters, of which the provider's suffix takes 26. A name known only at apply time cannot be cut to fit.
    namePrefix: `${boundedName(101, Token.isUnresolved(cluster.clusterName) ? "eks" : cluster.clusterName, name)}-`,
    blockDeviceMappings: blockDevices(settings),
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: metadataHopLimit },
    ...(settings.detailedMonitoring && { monitoring: { enabled: true } }),
    ...(settings.efa
      ? {
          networkInterfaces: interfaces(hardware, [
            cluster.nodeSecurityGroupId,
            efaSecurityGroup(scope, pool, cluster),
          ]),
        }
      : { vpcSecurityGroupIds: [cluster.nodeSecurityGroupId] }),
    ...(groupName !== undefined && { placement: { groupName } }),
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

const interfaces = (hardware: Hardware, securityGroups: string[]) =>
  efaInterfaces(hardware).map((one) => ({ ...one, deleteOnTermination: "true", securityGroups }));
