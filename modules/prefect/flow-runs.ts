import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readSecrets, taskTrust } from "../aws/ecs/service-roles";
import { ServiceSecurityGroup } from "../aws/ecs/service-security-group";
import { awsPolicyArn, ManagedRole } from "../common/iam/managed-role";
import { policy } from "../common/iam/policy";

/** Dask clusters that flows start; `DaskCluster` is one. */
export interface FlowDask {
  /** Security group of Dask's schedulers and workers. */
  readonly securityGroupId: string;
  /** IAM policy that lets its holder start, watch and stop Dask clusters. */
  readonly clientPolicyArn: string;
  /** Environment variables by which flows find the configuration of Dask, if any. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Ports of a scheduler: the first is for clients, the other for its dashboard. Source: dask-cloudprovider 2025.9.0, providers/aws/ecs.py. */
const DASK_PORTS = { fromPort: 8786, toPort: 8787 };

export interface FlowRunsProps {
  name: string;
  region: string;
  vpcId: string;
  /** Secrets of all pools and of the Prefect API, without keys of their JSON. */
  secretArns: string[];
  secretsKmsKeyArns: string[];
  /** Dask clusters that the flows of some pool start, if any. */
  dask: FlowDask | undefined;
}

/** What all flow runs have in common: the role with which ECS starts them, and a security group that lets nobody in. */
export class FlowRuns extends Construct {
  readonly executionRoleArn: string;
  readonly executionRoleName: string;
  readonly securityGroupId: string;
  /** Trust policy of the roles of flows, JSON. */
  readonly assumeRolePolicy: string;
  /** What must exist before a flow runs. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FlowRunsProps) {
    super(scope, id);
    const { name, region, vpcId, secretArns, secretsKmsKeyArns, dask } = props;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    this.assumeRolePolicy = taskTrust(accountId, region);
    const secrets = readSecrets(secretArns, secretsKmsKeyArns, region);
    const execution = new ManagedRole(this, "execution", {
      name: `${name}-flow-execution`,
      assumeRolePolicy: this.assumeRolePolicy,
      policyArns: { logs: awsPolicyArn("service-role/AmazonECSTaskExecutionRolePolicy") },
      policies: secrets.length > 0 ? { secrets: policy(...secrets) } : {},
    });
    const group = new ServiceSecurityGroup(this, "access", { name: `${name}-flows`, vpcId });
    // Dask's layer is deployed before this one and cannot know the group, so the rules are made here.
    const rules = dask ? [this.admission(name, dask, group)] : [];

    this.executionRoleArn = execution.arn;
    this.executionRoleName = execution.name;
    this.securityGroupId = group.securityGroupId;
    this.ready = [...execution.policies, ...group.ready, ...rules];
  }

  private admission(name: string, dask: FlowDask, { securityGroupId }: ServiceSecurityGroup): ITerraformDependable {
    return new VpcSecurityGroupIngressRule(this, "dask", {
      securityGroupId: dask.securityGroupId,
      description: `Flow runs of ${name}`,
      referencedSecurityGroupId: securityGroupId,
      ipProtocol: "tcp",
      ...DASK_PORTS,
    });
  }
}
