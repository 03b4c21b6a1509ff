import type { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { z } from "zod";
import { DefinitionSweeper, type definitionSweeperShape } from "../aws/ecs/definition-sweeper";
import { BucketObject } from "../aws/storage/bucket-object";
import { sortedEntries } from "../common/collections";
import { ManagedRole } from "../common/iam/managed-role";
import { policy, type Statement } from "../common/iam/policy";
import { boundedName } from "../common/names";
import { baseJobTemplate } from "./base-job-template";
import type { FlowDask, FlowRuns } from "./flow-runs";
import type { PoolSettings } from "./pool-settings";
import type { prefectApiSchema } from "./prefect-api";

/** Bucket that flows read and write; `PrivateBucket` is one. */
export interface FlowBucket {
  readonly bucketArn: string;
  /** Customer managed key of the bucket, if any. */
  readonly kmsKeyArn?: string;
}

export interface WorkPoolProps {
  /** Name of the system. */
  name: string;
  /** Name of the pool. */
  pool: string;
  /** Work queues that workers of ours poll, without Prefect's own `default`. */
  queues: string[];
  cluster: { readonly clusterArn: string; readonly clusterName: string };
  vpcId: string;
  subnetIds: string[];
  logGroupName: string;
  api: z.input<typeof prefectApiSchema>;
  flows: FlowRuns;
  dask: FlowDask | undefined;
  buckets: Record<string, FlowBucket>;
  /** Bucket of the template's file, if any. */
  templateBucket: { bucketName: string } | undefined;
  tags: Record<string, string>;
  /** Function that removes old task definitions, unless `false`. */
  sweeper: false | z.output<z.ZodObject<typeof definitionSweeperShape>>;
  settings: PoolSettings;
}

/** Work pool: role of its flows, base job template, and the command that creates or updates the pool with it. */
export class WorkPool extends Construct {
  readonly poolName: string;
  readonly taskRoleArn: string;
  readonly taskRoleName: string;
  /** Base job template, JSON. */
  readonly baseJobTemplate: string;
  /** Address of the template's file, `s3://...`; undefined without a bucket. */
  readonly templateUri: string | undefined;
  /** Shell command that creates the pool, or gives an existing one the template, and creates its queues. */
  readonly command: string;
  /** What must exist before a flow of the pool runs. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: WorkPoolProps) {
    super(scope, id);
    const { pool, flows, settings, templateBucket } = props;
    const dask = settings.dask ? props.dask : undefined;
    const statements = [...bucketStatements(props), ...settings.permissions];
    const role = new ManagedRole(this, "flow", {
      name: `${props.name}-${pool}-flow`,
      assumeRolePolicy: flows.assumeRolePolicy,
      policyArns: dask ? { dask: dask.clientPolicyArn } : {},
      policies: statements.length > 0 ? { flow: policy(...statements) } : {},
    });
    const { readBucketArns, writeBucketArns, permissions, dask: _, ...task } = settings;
    this.baseJobTemplate = baseJobTemplate(this.node.path, {
      ...task,
      environment: { ...dask?.environment, ...task.environment },
      cluster: props.cluster.clusterArn,
      vpcId: props.vpcId,
      subnetIds: props.subnetIds,
      securityGroupIds: [flows.securityGroupId],
      executionRoleArn: flows.executionRoleArn,
      taskRoleArn: role.arn,
      logGroupName: props.logGroupName,
      api: props.api,
      tags: props.tags,
    });
    if (props.sweeper) this.sweep(props, props.sweeper);
    const file = templateBucket && this.file(templateBucket.bucketName);

    this.poolName = pool;
    this.taskRoleArn = role.arn;
    this.taskRoleName = role.name;
    this.templateUri = file && `s3://${file.bucket}/${file.key}`;
    this.command = this.commandOf(props.queues);
    this.ready = [...role.policies, ...(file ? [file] : [])];
  }

  /** A change of image, CPU or memory leaves a revision behind, of which only the newest is used again. */
  private sweep({ name, pool, cluster: { clusterArn, clusterName } }: WorkPoolProps, settings: object): void {
    new DefinitionSweeper(this, "sweeper", {
      ...settings,
      name: boundedName(64, name, pool, "sweeper"),
      familyPrefix: `prefect_${pool}_`,
      keepNewest: 1,
      clusters: { prefect: { clusterArn, clusterName } },
    });
  }

  private file(bucket: string): S3Object {
    return new BucketObject(this, "template", {
      bucket,
      key: `prefect/work-pools/${this.node.id}.json`,
      content: this.baseJobTemplate,
      contentType: "application/json",
    });
  }

  /** A worker takes the template that a pool has, so that a change of it must be told to the server. */
  private commandOf(queues: string[]): string {
    const pool = this.poolName;
    const template = `${pool}.json`;
    const read =
      this.templateUri === undefined
        ? `terraform output -json base_job_templates | jq -r '."${pool}"' > ${template}`
        : `aws s3 cp ${this.templateUri} ${template}`;
    return [
      read,
      `prefect work-pool create ${pool} --type ecs --base-job-template ${template} --overwrite`,
      ...queues.map(
        (queue) =>
          `(prefect work-queue inspect ${queue} --pool ${pool} > /dev/null 2>&1 || prefect work-queue create ${queue} --pool ${pool})`,
      ),
    ].join(" && ");
  }
}

/** Access to the buckets of the system and of the pool. */
function bucketStatements({ buckets, settings }: WorkPoolProps): Statement[] {
  const system = sortedEntries(buckets).map(([, bucket]) => bucket);
  const written = [...system.map(({ bucketArn }) => bucketArn), ...settings.writeBucketArns];
  const all = [...written, ...settings.readBucketArns];
  const keys = [...new Set(system.flatMap(({ kmsKeyArn }) => (kmsKeyArn === undefined ? [] : [kmsKeyArn])))].sort();
  const statements: Statement[] = [];
  if (all.length > 0) {
    statements.push({ Action: "s3:ListBucket", Resource: all });
    statements.push({ Action: "s3:GetObject", Resource: all.map(objects) });
  }
  if (written.length > 0) {
    const Action = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"];
    statements.push({ Action, Resource: written.map(objects) });
  }
  if (keys.length > 0) statements.push({ Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keys });
  return statements;
}

const objects = (bucketArn: string) => `${bucketArn}/*`;
