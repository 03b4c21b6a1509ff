import { Construct } from "constructs";
import { z } from "zod";
import type { Fleet } from "../../../modules/aws/ec2/fleet";
import { HttpsLoadBalancer } from "../../../modules/aws/load-balancer/https-load-balancer";
import { parseProps } from "../../../modules/common/settings/props";
import { checkFleet, fleetShape, machineFleet } from "../../../modules/ml-ec2/fleet";
import { Instances } from "../../../modules/ml-ec2/instances";
import { checkLoadBalancer, loadBalancerProps, loadBalancerShape } from "../../../modules/ml-ec2/load-balancer";
import { checkMachine, type MachineNetwork, machineShape } from "../../../modules/ml-ec2/machine";
import { accessShape, MachineSecurityGroup } from "../../../modules/ml-ec2/machine-security-group";
import { synth } from "../../support/synth";

export const NETWORK: MachineNetwork = {
  vpcId: "vpc-0123456789abcdef0",
  vpcCidrBlocks: ["10.0.0.0/16"],
  publicSubnetIds: ["subnet-0a", "subnet-0b"],
  privateSubnetIds: ["subnet-1a", "subnet-1b"],
};

export const computeSchema = z
  .strictObject({
    ...machineShape,
    ...accessShape,
    ...fleetShape,
    ...loadBalancerShape,
    jupyter: z.boolean().default(true),
    tensorboard: z.boolean().default(true),
    autoRecovery: z.boolean().default(false),
    network: z.custom<MachineNetwork>().default(NETWORK),
  })
  .superRefine((settings, ctx) => {
    checkMachine(settings, ctx);
    checkFleet(settings, ctx);
    checkLoadBalancer(settings, ctx);
  });
export type ComputeSettings = z.input<typeof computeSchema>;

/** What the front door gives beside the settings. */
export interface Surroundings {
  prefix?: string;
  userData?: string;
  alarms?: boolean;
  scheduled?: boolean;
  tags?: Record<string, string>;
}

/** Machines put together as the front door puts them. */
export class Compute extends Construct {
  readonly group: MachineSecurityGroup;
  readonly balancer?: HttpsLoadBalancer;
  readonly instances?: Instances;
  readonly fleet?: Fleet;

  constructor(scope: Construct, id: string, props: ComputeSettings, around: Surroundings = {}) {
    super(scope, id);
    const settings = parseProps(this, computeSchema, props);
    const { network, fleet } = settings;
    const { prefix = "ml-dev", userData = "#!/bin/bash\n", alarms = false, scheduled = false, tags = {} } = around;
    this.group = new MachineSecurityGroup(this, "security-group", { prefix, vpcId: network.vpcId, settings });
    if (settings.loadBalancer) {
      this.balancer = new HttpsLoadBalancer(
        this,
        "load-balancer",
        loadBalancerProps({
          prefix,
          network,
          machineSecurityGroupId: this.group.securityGroupId,
          settings: settings.loadBalancer,
        }),
      );
    }
    const machine = {
      prefix,
      network,
      securityGroupIds: [this.group.securityGroupId],
      instanceProfileName: "ml-dev-ml-instance",
      userData,
      detailedMonitoring: alarms,
      tags,
      dependsOn: [this.group.egress, ...(this.balancer?.ready ?? [])],
    };
    if (fleet) {
      this.fleet = machineFleet(this, "fleet", {
        ...machine,
        dataVolumes: [],
        scheduled,
        targetGroupArns: this.balancer ? [this.balancer.targetGroupArn] : [],
        settings: { ...settings, fleet },
      });
    } else {
      this.instances = new Instances(this, "instances", { ...machine, settings });
      this.balancer?.attach(this.instances.instances);
    }
  }
}

/** Synthesizes machines with these settings and gives the construct along with the JSON. */
export function build(settings: ComputeSettings = {}, around: Surroundings = {}) {
  const made: Compute[] = [];
  const result = synth((stack) => made.push(new Compute(stack, "compute", settings, around)));
  return { ...result, compute: made[0] as Compute };
}
