import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { logGroupShape } from "../aws/cloudwatch/log-group";
import { allowedFromSchema, type SecurityGroupOwner } from "../aws/ec2/ingress-security-group";
import { DefinitionSweeper, definitionSweeperShape } from "../aws/ecs/definition-sweeper";
import { EcsCluster, ecsClusterShape } from "../aws/ecs/ecs-cluster";
import { checkTaskReach } from "../aws/ecs/task-reach";
import { currentRegion } from "../common/current-region";
import { policy } from "../common/iam/policy";
import { boundedName } from "../common/names";
import type { PrivateReach } from "../common/private-reach";
import { checkedBy } from "../common/settings/checked-by";
import { parseProps, reference } from "../common/settings/props";
import { clientStatements } from "./client-policy";
import { CLUSTER_TAG, type DaskConfig, daskArguments, daskConfig } from "./dask-config";
import { DaskFiles, type FilesBucket } from "./dask-files";
import { DaskRoles, daskBucketsSchema } from "./dask-roles";
import { DaskSecurityGroup, SCHEDULER_PORTS } from "./dask-security-group";
import { daskDefaultsShape } from "./dask-settings";

/** Network of the clusters; `Network` is one. */
export interface DaskClusterNetwork {
  readonly vpcId: string;
  /** Subnets without a route to an internet gateway: nobody outside the VPC reaches a task. */
  readonly privateSubnetIds: string[];
  /** What these subnets reach outside the VPC; not known of a network that exists already. */
  readonly privateReach?: PrivateReach;
}

const schema = z
  .strictObject({
    /** Name of the ECS cluster and prefix of other names: 1 to 40 letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .max(40)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must have letters, digits and hyphens only, a letter first"),
    /** Network of schedulers and workers. */
    network: reference<DaskClusterNetwork>("a Network", "vpcId", "privateSubnetIds[]"),
    /** Clients of the schedulers' ports 8786 and 8787 by a short name each, such as a VPN; at most 60. */
    allowedFrom: allowedFromSchema,
    /** Buckets that schedulers and workers use, and nothing else in S3. */
    buckets: daskBucketsSchema,
    /** Bucket for the configuration and the helper, which flow images read; neither is written when absent. */
    filesBucket: reference<FilesBucket>("a PrivateBucket", "bucketName", "bucketArn").optional(),
    ...daskDefaultsShape,
    ...ecsClusterShape,
    ...logGroupShape(30),
    /**
     * Let clients use the library's own clean-up, by `skip_cleanup=False`. It deregisters the task definitions of clusters that
     * run, and reads every definition and role of the account; the sweeper does neither.
     */
    clientCleanup: z.boolean().default(false),
    /** Scheduled function that removes what the library leaves behind; `false` for none. */
    sweeper: z
      .union([z.literal(false), z.strictObject(definitionSweeperShape)], {
        error: "must be false or an object of settings",
      })
      .prefault({}),
  })
  .superRefine(({ network, image, executeCommand }, ctx) =>
    checkTaskReach(network.privateReach, { executeCommand, images: [{ path: ["image"], image }] }, ctx, "network"),
  );

export type DaskClusterProps = z.input<typeof schema>;
/** Settings of a user; a stack adds the wiring. */
export type DaskClusterSettings = Omit<DaskClusterProps, "name" | "network" | "allowedFrom" | "filesBucket">;
/** Checks these settings, without what follows from the network. */
export const daskClusterSettings = checkedBy(schema, {
  name: "any",
  network: { vpcId: "any", privateSubnetIds: ["one"] },
  allowedFrom: undefined,
  filesBucket: undefined,
});

/** ECS cluster on Fargate on which dask-cloudprovider starts Dask clusters, and all that it needs for that. */
export class DaskCluster extends Construct {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  readonly taskRoleName: string;
  readonly securityGroupId: string;
  readonly subnetIds: string[];
  readonly vpcId: string;
  readonly logGroupName: string;
  readonly logGroupArn: string;
  readonly image: string;
  /** Managed policy of those who start clusters. */
  readonly clientPolicyArn: string;
  /** Configuration under `cloudprovider.ecs`. */
  readonly config: DaskConfig;
  /** The same as YAML. */
  readonly configYaml: string;
  /** Arguments that those pass who call `FargateCluster` themselves, as Python. */
  readonly callArguments: string;
  /** Configuration and helper in S3; undefined without `filesBucket`. */
  readonly files: DaskFiles | undefined;
  readonly sweeper: DefinitionSweeper | undefined;
  /** What a client must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DaskClusterProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, network, filesBucket, executeCommand, sweeper } = settings;
    const { containerInsights, diskKmsKeyArn, logSessions, logRetentionDays, logKmsKeyArn } = settings;
    const region = currentRegion(this);
    const { accountId } = new DataAwsCallerIdentity(this, "account");

    const cluster = new EcsCluster(this, "cluster", {
      name,
      containerInsights,
      diskKmsKeyArn,
      logSessions,
      logRetentionDays,
      logKmsKeyArn,
    });
    const { logGroupArn, logGroupName, sessionLogGroupArn } = cluster;
    const roles = new DaskRoles(this, "roles", {
      name,
      logGroupArn,
      sessionLogGroupArn,
      buckets: settings.buckets,
      executeCommand,
    });
    const group = new DaskSecurityGroup(this, "access", {
      name,
      vpcId: network.vpcId,
      allowedFrom: settings.allowedFrom,
    });
    const { clusterArn, clusterName } = cluster;
    const { executionRoleArn, taskRoleArn } = roles;
    this.config = daskConfig(
      {
        name,
        region,
        clusterArn,
        executionRoleArn,
        taskRoleArn,
        logGroupName,
        vpcId: network.vpcId,
        subnetIds: network.privateSubnetIds,
        securityGroupId: group.securityGroupId,
      },
      settings,
    );
    this.files = filesBucket && new DaskFiles(this, "files", { name, bucket: filesBucket, config: this.config });
    const clients = new IamPolicy(this, "clients", {
      namePrefix: `${name}-clients-`,
      description: `Start and stop Dask clusters on ${name}`,
      policy: policy(
        ...clientStatements({
          clusterName,
          clusterArn,
          executionRoleArn,
          taskRoleArn,
          region,
          accountId,
          objectArns: this.files ? [this.files.configArn, this.files.helperArn] : [],
          objectKmsKeyArn: filesBucket?.kmsKeyArn,
          cleanup: settings.clientCleanup,
        }),
      ),
    });
    this.sweeper = sweeper
      ? new DefinitionSweeper(this, "sweeper", {
          logKmsKeyArn,
          ...sweeper,
          name: `${boundedName(56, name)}-sweeper`,
          familyPrefix: "dask-",
          groupSuffixes: ["-scheduler", "-worker"],
          tags: { [CLUSTER_TAG]: name },
          clusters: { dask: { clusterArn, clusterName } },
        })
      : undefined;

    this.clusterName = clusterName;
    this.clusterArn = clusterArn;
    this.executionRoleArn = executionRoleArn;
    this.taskRoleArn = taskRoleArn;
    this.taskRoleName = roles.taskRoleName;
    this.securityGroupId = group.securityGroupId;
    this.subnetIds = network.privateSubnetIds;
    this.vpcId = network.vpcId;
    this.logGroupName = logGroupName;
    this.logGroupArn = logGroupArn;
    this.image = settings.image;
    this.clientPolicyArn = clients.arn;
    this.configYaml = Fn.yamlencode(this.config);
    this.callArguments = daskArguments(settings);
    this.ready = [...cluster.ready, ...roles.ready, ...group.ready];
  }

  /** Admits a client to the schedulers by a rule in `scope`, which may be another stack. */
  admit(scope: Construct, id: string, { securityGroupId }: SecurityGroupOwner): void {
    new VpcSecurityGroupIngressRule(scope, id, {
      securityGroupId: this.securityGroupId,
      description: `Dask client ${id}`,
      referencedSecurityGroupId: securityGroupId,
      ipProtocol: "tcp",
      ...SCHEDULER_PORTS,
    });
  }
}
