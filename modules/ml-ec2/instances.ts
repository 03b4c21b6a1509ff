import { Eip } from "@cdktf/provider-aws/lib/eip";
import { EipAssociation } from "@cdktf/provider-aws/lib/eip-association";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { imageId } from "../aws/ec2/machine-image";
import { replacedWith } from "../common/replaced-with";
import { maintenanceOptions } from "./alarms";
import { type MachineProps, type MachineSettings, rootVolumeGib, subnetsFor, TAGGED_METADATA } from "./machine";

export interface InstancesProps extends MachineProps {
  readonly settings: MachineSettings & {
    /** Recover an instance on new hardware when its own fails. */
    readonly autoRecovery: boolean;
    /** Times at which the machines stop and start, if any. */
    readonly schedule?: object;
  };
}

/** Fixed number of machines, spread over the subnets. */
export class Instances extends Construct {
  /** Machines, each with a stable key, in the order of their number. */
  readonly instances: readonly {
    readonly key: string;
    readonly instanceId: string;
    readonly availabilityZone: string;
  }[];
  readonly instanceIds: string[];
  readonly instanceArns: string[];
  readonly privateIps: string[];
  /** Empty in private subnets. */
  readonly publicIps: string[];

  constructor(scope: Construct, id: string, props: InstancesProps) {
    super(scope, id);
    const { settings } = props;
    const ami = imageId(this, settings);
    const subnetIds = subnetsFor(settings, props.network);
    // A machine that is no longer to be Spot has to be replaced, and the provider would keep it.
    const market = replacedWith(this, "market", { spot: settings.spot !== false });
    const made = Array.from({ length: settings.instanceCount }, (_, index) => {
      const key = `ml-training-${index + 1}`;
      const tags = { ...props.tags, Name: `${props.prefix}-${key}` };
      const instance = new Instance(this, `instance-${index + 1}`, {
        ami,
        instanceType: settings.instanceType,
        subnetId: Token.isUnresolved(subnetIds)
          ? Fn.element(subnetIds, index)
          : subnetIds[index % Math.max(subnetIds.length, 1)],
        associatePublicIpAddress: settings.placement === "public",
        vpcSecurityGroupIds: props.securityGroupIds,
        iamInstanceProfile: props.instanceProfileName,
        keyName: settings.keyName,
        userData: props.userData,
        userDataReplaceOnChange: settings.userDataReplaceOnChange,
        metadataOptions: TAGGED_METADATA,
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: rootVolumeGib(settings),
          encrypted: true,
          kmsKeyId: settings.diskKmsKeyArn,
          deleteOnTermination: true,
          tags, // not volumeTags, which would also manage the volumes that are attached later
        },
        // Absent, the provider keeps what these two were.
        monitoring: props.detailedMonitoring,
        disableApiTermination: settings.terminationProtection,
        maintenanceOptions: maintenanceOptions(settings),
        instanceMarketOptions: spotOptions(settings),
        tags,
        ...(props.dependsOn.length > 0 && { dependsOn: props.dependsOn }),
        lifecycle: {
          ...market,
          ignoreChanges: [
            ...(settings.amiId ? [] : ["ami"]),
            // otherwise the provider would restart the machine, which does not run the script again
            ...(settings.userDataReplaceOnChange ? [] : ["user_data"]),
          ],
        },
      });
      return { key, instance, eip: settings.schedule && this.lastingAddress(index, instance, tags, settings) };
    });

    const resources = made.map(({ instance }) => instance);
    this.instances = made.map(({ key, instance }) => ({
      key,
      instanceId: instance.id,
      availabilityZone: instance.availabilityZone,
    }));
    this.instanceIds = resources.map((instance) => instance.id);
    this.instanceArns = resources.map((instance) => instance.arn);
    this.privateIps = resources.map((instance) => instance.privateIp);
    this.publicIps = settings.placement === "public" ? made.map(({ eip, instance }) => (eip ?? instance).publicIp) : [];
  }

  /**
   * Elastic IP of a public machine that stops at times. A stopped machine loses any other public address, which the
   * provider takes for a change that needs another machine. Source: EC2 User Guide, "EC2 instance IP addressing".
   */
  private lastingAddress(
    index: number,
    { id }: Instance,
    tags: Record<string, string>,
    { placement }: MachineSettings,
  ) {
    if (placement !== "public") return undefined;
    const name = `address-${index + 1}`;
    const eip = new Eip(this, name, { domain: "vpc", tags });
    new EipAssociation(this, `${name}-association`, { allocationId: eip.id, instanceId: id });
    return eip;
  }
}

/** One-time requests: a persistent one would restart a machine that Terraform has terminated. */
const spotOptions = ({ spot }: MachineSettings) =>
  spot
    ? {
        marketType: "spot",
        spotOptions: { spotInstanceType: "one-time", ...(spot !== true && { maxPrice: String(spot.maxPrice) }) },
      }
    : undefined;
