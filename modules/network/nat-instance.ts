import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Route } from "@cdktf/provider-aws/lib/route";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { al2023ImageParameter } from "../aws/ec2/al2023-image";
import { METADATA_OPTIONS } from "../aws/ec2/machine-settings";
import { idFrom } from "../common/names";
import { INTERNET } from "../common/settings/allowed-cidrs";
import { natUserData } from "./nat-user-data";

/** Graviton types, as the image is for arm64; the smallest can serve the package downloads of a few machines. */
export const NAT_INSTANCE_TYPES = [
  "t4g.nano",
  "t4g.micro",
  "t4g.small",
  "t4g.medium",
  "c6gn.medium",
  "c7gn.medium",
] as const;

export interface NatInstanceProps {
  name: string;
  /** `t4g.nano` when absent. */
  instanceType?: (typeof NAT_INSTANCE_TYPES)[number] | undefined;
  /** Key that encrypts its root volume; EBS's own when absent. */
  diskKmsKeyArn?: string;
  vpcId: string;
  /** Literal source blocks to translate. */
  vpcCidrBlocks: string[];
  /** Public subnet of the instance. */
  subnetId: string;
  privateRouteTableIds: string[];
  /** Routes to the internet, which its first boot needs to install packages. */
  dependsOn: ITerraformDependable[];
}

/** NAT instance for the private subnets: a fraction of a NAT gateway's price, and less reliable. */
export class NatInstance extends Construct {
  readonly instanceId: string;
  readonly publicIps: string[];
  readonly routes: Route[];

  constructor(scope: Construct, id: string, props: NatInstanceProps) {
    super(scope, id);
    const { name, instanceType = "t4g.nano", vpcId, privateRouteTableIds } = props;
    const tags = { Name: `${name}-nat` };
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", {
      namePrefix: `${name}-nat-`,
      description: "NAT instance",
      vpcId,
      tags,
      lifecycle: { createBeforeDestroy: true },
    });
    const all = { securityGroupId, ipProtocol: "-1" };
    const out = new VpcSecurityGroupEgressRule(this, "egress", {
      ...all,
      description: "To the internet",
      cidrIpv4: INTERNET,
    });
    for (const cidrIpv4 of props.vpcCidrBlocks) {
      new VpcSecurityGroupIngressRule(this, idFrom(cidrIpv4), { ...all, description: "From the VPC", cidrIpv4 });
    }

    const instance = new Instance(this, "instance", {
      ami: new DataAwsSsmParameter(this, "image", { name: al2023ImageParameter("arm64") }).insecureValue,
      instanceType,
      subnetId: props.subnetId,
      sourceDestCheck: false,
      vpcSecurityGroupIds: [securityGroupId],
      userData: natUserData({ sources: props.vpcCidrBlocks }),
      userDataReplaceOnChange: true,
      metadataOptions: METADATA_OPTIONS,
      rootBlockDevice: {
        volumeType: "gp3",
        volumeSize: 8,
        encrypted: true,
        kmsKeyId: props.diskKmsKeyArn,
        deleteOnTermination: true,
        tags,
      },
      tags,
      dependsOn: [...props.dependsOn, out],
      lifecycle: { ignoreChanges: ["ami"] }, // a newer image must not interrupt the private subnets' egress
    });
    const networkInterfaceId = instance.primaryNetworkInterfaceId;
    const eip = new Eip(this, "eip", {
      domain: "vpc",
      networkInterface: networkInterfaceId,
      tags,
      dependsOn: props.dependsOn,
    });

    this.instanceId = instance.id;
    this.publicIps = [eip.publicIp];
    this.routes = privateRouteTableIds.map(
      (routeTableId, i) =>
        new Route(this, privateRouteTableIds.length > 1 ? `route-${i}` : "route", {
          routeTableId,
          destinationCidrBlock: INTERNET,
          networkInterfaceId,
        }),
    );
  }
}
