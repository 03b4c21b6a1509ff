import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { EipAssociation } from "@cdktf/provider-aws/lib/eip-association";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Route } from "@cdktf/provider-aws/lib/route";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { al2023ImageParameter } from "../aws/ec2/al2023-image";
import { METADATA_OPTIONS } from "../aws/ec2/machine-settings";
import { currentRegion } from "../common/current-region";
import { idFrom } from "../common/names";
import { parseProps, settingText } from "../common/settings/props";
import { GatewayAlarms } from "./gateway-alarms";
import { GatewayRole } from "./gateway-role";
import { GatewaySecurityGroup } from "./gateway-security-group";
import {
  checkGatewayHost,
  type GatewaySettings,
  gatewayContextShape,
  gatewayHostShape,
  hardwareOf,
} from "./gateway-settings";
import { gatewayUserData } from "./gateway-user-data";

const schema = z
  .strictObject({
    ...gatewayHostShape,
    ...gatewayContextShape,
    /** Routes to the internet, which the host needs to install packages. */
    dependsOn: z.custom<ITerraformDependable[]>((value) => Array.isArray(value), "must be a list").default([]),
  })
  .superRefine(checkGatewayHost);
export type GatewayHostProps = z.input<typeof schema>;

/**
 * One small machine at the edge of the private subnets which can be their NAT, run the web page of what runs in them, and
 * build images.
 */
export class GatewayHost extends Construct {
  readonly instanceId: string;
  readonly instanceArn: string;
  /** Elastic IP address, also the source address of the private subnets. */
  readonly publicIp: string;
  readonly privateIp: string;
  readonly securityGroupId: string;
  readonly roleArn: string;
  readonly roleName: string;
  readonly sourceAmiId: string;
  /** Default routes of the private route tables; empty if the host is not the NAT. */
  readonly routes: Route[];

  constructor(scope: Construct, id: string, props: GatewayHostProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, nat, dependsOn } = settings;
    const { instanceType, architecture } = hardwareOf(settings);
    const tags = { Name: `${name}-gateway` };
    const region = currentRegion(this);

    const { securityGroupId, egress } = new GatewaySecurityGroup(this, "security-group", settings);
    const role = new GatewayRole(this, "role", { ...settings, region });
    const instance = new Instance(this, "instance", {
      ami: new DataAwsSsmParameter(this, "image", { name: al2023ImageParameter(architecture) }).insecureValue,
      instanceType,
      subnetId: settings.subnetId,
      vpcSecurityGroupIds: [securityGroupId],
      iamInstanceProfile: role.instanceProfileName,
      keyName: settings.keyName,
      userData: gatewayUserData(settingText(this, "privateCidrBlocks"), { ...settings, region }),
      userDataReplaceOnChange: true,
      metadataOptions: METADATA_OPTIONS,
      rootBlockDevice: {
        volumeType: "gp3",
        volumeSize: settings.rootVolumeSize,
        encrypted: true,
        kmsKeyId: settings.diskKmsKeyArn,
        deleteOnTermination: true,
        tags,
      },
      ...(nat && { sourceDestCheck: false }),
      monitoring: settings.detailedMonitoring, // absent, the provider keeps what it was
      tags,
      dependsOn: [...dependsOn, egress, ...role.ready],
      lifecycle: { ignoreChanges: ["ami"] }, // a newer image must not replace the host and interrupt everyone
    });
    const networkInterfaceId = instance.primaryNetworkInterfaceId;
    // separate from the host, so that it stays when the host is replaced
    const eip = new Eip(this, "eip", { domain: "vpc", tags });
    new EipAssociation(this, "eip-association", {
      allocationId: eip.id,
      networkInterfaceId,
      ...(dependsOn.length > 0 && { dependsOn }), // EC2 associates an address only with an internet gateway in place
    });
    new GatewayAlarms(this, "alarms", {
      name,
      instanceId: instance.id,
      region,
      autoRecovery: settings.autoRecovery,
      topicArns: settings.alarmTopicArns,
    });

    this.instanceId = instance.id;
    this.instanceArn = instance.arn;
    this.publicIp = eip.publicIp;
    this.privateIp = instance.privateIp;
    this.securityGroupId = securityGroupId;
    this.roleArn = role.roleArn;
    this.roleName = role.roleName;
    this.sourceAmiId = instance.ami;
    this.routes = nat ? this.routesTo(networkInterfaceId, settings) : [];
  }

  private routesTo(networkInterfaceId: string, { privateRouteTableIds }: GatewaySettings): Route[] {
    return privateRouteTableIds.map((routeTableId, index) => {
      const key = Token.isUnresolved(routeTableId) ? `table-${index}` : routeTableId;
      return new Route(this, idFrom(`route-${key}`), {
        routeTableId,
        destinationCidrBlock: "0.0.0.0/0",
        networkInterfaceId,
      });
    });
  }
}
