import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { parseProps } from "../../../modules/common/settings/props";
import { Audit, auditShape, trailNameOf } from "../../../modules/ml-ec2/audit";
import { CiRole, ciRoleShape } from "../../../modules/ml-ec2/ci-role";
import { JupyterToken, jupyterTokenShape } from "../../../modules/ml-ec2/jupyter-token";
import { LogArchive, logArchiveShape } from "../../../modules/ml-ec2/log-archive";
import { checkReplication, Replication, replicationShape } from "../../../modules/ml-ec2/replication";
import { Role } from "../../../modules/ml-ec2/role";
import { checkStorage, Storage, storageShape } from "../../../modules/ml-ec2/storage";
import { synth } from "../../support/synth";

const schema = z
  .strictObject({
    projectName: z.string().default("ml"),
    ...storageShape,
    ...replicationShape,
    ...auditShape,
    ...logArchiveShape,
    ...jupyterTokenShape,
    ...ciRoleShape,
  })
  .superRefine((settings, ctx) => {
    checkStorage(settings, ctx);
    checkReplication(settings, ctx);
  });
export type DataSettings = z.input<typeof schema>;

/** Storage and permissions put together as the front door puts them, without the machines. */
export class Data extends Construct {
  readonly storage: Storage;
  readonly role: Role;
  readonly replication?: Replication;
  readonly audit?: Audit;
  readonly logArchive?: LogArchive;
  readonly ciRole?: CiRole;

  constructor(scope: Construct, id: string, props: DataSettings) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { replication, replicaProvider: provider, audit, logArchive, ciRole } = settings;
    const prefix = `${settings.projectName}-dev`;
    const forceDestroy = settings.s3ForceDestroy;

    const logs = new CloudwatchLogGroup(this, "logs", { name: `/aws/ec2/${prefix}-ml-training`, retentionInDays: 7 });
    const trailName = audit && trailNameOf(prefix);
    this.storage = new Storage(this, "storage", { prefix, trailName, settings });
    const { storage } = this;
    this.role = new Role(this, "role", {
      prefix,
      storage,
      logGroupArn: logs.arn,
      metricNamespace: `${settings.projectName}/dev`,
      jupyterToken: new JupyterToken(this, "jupyter-token", { prefix, settings }),
    });
    if (replication && provider) {
      this.replication = new Replication(this, "replication", {
        prefix,
        storage,
        provider,
        settings: { ...settings, ...replication },
      });
    }
    if (audit) this.audit = new Audit(this, "audit", { prefix, storage, forceDestroy, settings: audit });
    if (logArchive) {
      const logGroups = { instance: { logGroupName: logs.name } };
      this.logArchive = new LogArchive(this, "log-archive", {
        prefix,
        logGroups,
        forceDestroy,
        kmsKeyArn: storage.kmsKeyArn,
        settings: logArchive,
      });
    }
    if (ciRole) this.ciRole = new CiRole(this, "ci-role", { prefix, storage, settings: ciRole });
  }
}

/** Provider of another region than that of the stack. */
export const replicaProvider = (stack: TerraformStack, region = "us-west-2") =>
  new AwsProvider(stack, "replica", { alias: "replica", region });

/** Synthesizes storage and permissions; with `replication`, a provider of its region is added. */
export const build = (settings: DataSettings = {}) =>
  synth((stack) => {
    const { replication } = settings;
    const provider = replication && { replicaProvider: replicaProvider(stack, replication.region) };
    return new Data(stack, "data", { ...provider, ...settings });
  });

/** Every option, set to something else than its default. */
export const EVERYTHING: DataSettings = {
  s3Encryption: "aws:kms",
  s3LifecycleDays: 30,
  s3ExpireDays: 400,
  s3ForceDestroy: true,
  replication: { region: "us-west-2", storageClass: "GLACIER_IR", deleteMarkers: true },
  audit: { retentionDays: 90, events: "WriteOnly" },
  logArchive: { retentionDays: 30 },
  jupyterTokenVersion: 2,
  ciRole: { subjects: ["repo:acme/models:ref:refs/heads/main"], access: "read-write" },
};
