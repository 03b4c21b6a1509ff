import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { EfsBackupPolicy } from "@cdktf/provider-aws/lib/efs-backup-policy";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsFileSystemPolicy } from "@cdktf/provider-aws/lib/efs-file-system-policy";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { policy, type Statement } from "../../common/iam/policy";
import { allowReplacementShape, lastingSettings } from "../../common/lasting-settings";
import { idFrom } from "../../common/names";
import { kmsKeyArnSchema, roleArnSchema } from "../../common/settings/arns";
import { parseProps, requiredString } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { clientSecurityGroupIdsSchema, IngressSecurityGroup } from "../ec2/ingress-security-group";
import { subnetIdsSchema } from "../ec2/subnet-ids";

/** Settings of a shared file system. */
export const sharedFilesShape = {
  /** KMS key that encrypts the files; EFS's own key when absent. A change replaces the file system. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Throughput: `elastic`, billed by use, or `bursting`, which scales with the stored data at no extra cost. */
  throughputMode: z.enum(["elastic", "bursting"]).default("elastic"),
  /** Days without access after which a file moves to Infrequent Access, until its next access: 1, 7, 14, 30, 60, 90, 180, 270 or 365. */
  infrequentAccessDays: z.literal([1, 7, 14, 30, 60, 90, 180, 270, 365]).default(30),
  /** Daily AWS Backup, kept for five weeks. */
  backup: z.boolean().default(true),
  /** UID and GID that own all files, 1 to 65535; 1000 is the first user of Amazon Linux. */
  userId: z.int().min(1).max(65535).default(1000),
  ...allowReplacementShape,
};

const schema = z.strictObject({
  /** Name of the file system and its security group: 1 to 100 letters, digits and hyphens. */
  name: z
    .string()
    .max(100)
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be letters, digits and hyphens, a letter first"),
  /** VPC of the clients. */
  vpcId: requiredString,
  /** Subnets of the mount targets, at most one per zone. */
  subnetIds: subnetIdsSchema.min(1),
  /** Security groups of the clients, by a short name of your choice. */
  clientSecurityGroupIds: clientSecurityGroupIdsSchema,
  /** Roles that may mount it through the access point, besides those whose own policies allow it. */
  clientRoleArns: z.array(roleArnSchema).refine(areDistinct, "must not name a role twice").default([]),
  /** Make Terraform refuse plans that would delete the file system. */
  preventDestroy: z.boolean().default(false),
  /** Further tags on the file system. */
  tags: tagsSchema.default({}),
  ...sharedFilesShape,
});
export type SharedFilesProps = z.input<typeof schema>;

const NFS = 2049;

/** EFS file system, mounted over TLS with IAM authorization from the given security groups. */
export class SharedFiles extends Construct {
  readonly fileSystemId: string;
  readonly fileSystemArn: string;
  readonly accessPointId: string;
  readonly accessPointArn: string;
  readonly securityGroupId: string;
  /** What clients must wait for before they mount it. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, input: SharedFilesProps) {
    super(scope, id);
    const props = parseProps(this, schema, input);
    const { name, kmsKeyArn, userId } = props;

    const files = new EfsFileSystem(this, "file-system", {
      encrypted: true,
      kmsKeyId: kmsKeyArn,
      throughputMode: props.throughputMode,
      lifecyclePolicy: [
        { transitionToIa: `AFTER_${props.infrequentAccessDays}_DAY${props.infrequentAccessDays === 1 ? "" : "S"}` },
        { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
      ],
      tags: { ...props.tags, Name: name },
      lifecycle: {
        ...lastingSettings(this, "lasting", {
          what: "the files",
          settings: { kmsKeyArn },
          allowReplacement: props.allowReplacement,
        }),
        ...(props.preventDestroy && { preventDestroy: true }),
      },
    });
    const fileSystemId = files.id;
    const accessPoint = new EfsAccessPoint(this, "access-point", {
      fileSystemId,
      posixUser: { uid: userId, gid: userId },
      rootDirectory: {
        path: "/shared",
        creationInfo: { ownerUid: userId, ownerGid: userId, permissions: "0770" },
      },
      tags: { Name: name },
    });
    const access = new EfsFileSystemPolicy(this, "policy", {
      fileSystemId,
      policy: accessPolicy(files.arn, accessPoint.arn, props.clientRoleArns),
    });
    if (props.backup) new EfsBackupPolicy(this, "backup", { fileSystemId, backupPolicy: { status: "ENABLED" } });

    const group = new IngressSecurityGroup(this, "security-group", {
      namePrefix: `files-${name}-`,
      description: `NFS of ${name}`,
      vpcId: props.vpcId,
      name: `${name}-files`,
    });
    const rules = group.admit(props.clientSecurityGroupIds, {
      fromPort: NFS,
      description: (client) => `NFS from ${client}`,
    });
    const mountTargets = props.subnetIds.map(
      (subnetId, i) =>
        // a subnet of this run has no id yet; its position is stable, because the network orders subnets by zone
        new EfsMountTarget(this, idFrom(`mount-target-${Token.isUnresolved(subnetId) ? i : subnetId}`), {
          fileSystemId,
          subnetId,
          securityGroups: [group.id],
        }),
    );

    this.fileSystemId = fileSystemId;
    this.fileSystemArn = files.arn;
    this.accessPointId = accessPoint.id;
    this.accessPointArn = accessPoint.arn;
    this.securityGroupId = group.id;
    this.ready = [...mountTargets, ...rules, access];
  }

  /** Line of /etc/fstab for amazon-efs-utils: over TLS, with the machine's role, through the access point. */
  fstabEntry(mountPoint: string): string {
    const options = `_netdev,nofail,noresvport,tls,iam,accesspoint=${this.accessPointId}`;
    return `${this.fileSystemId}:/ ${mountPoint} efs ${options} 0 0`;
  }
}

/** Condition of statements on a file system: through a mount target and the access point. */
export const throughAccessPoint = (accessPointArn: string) => ({
  Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
  ArnEquals: { "elasticfilesystem:AccessPointArn": accessPointArn },
});

/** Replaces the default policy of EFS, which admits everybody: clients must authenticate with IAM. */
const accessPolicy = (fileSystemArn: string, accessPointArn: string, roleArns: string[]) => {
  const clients: Statement[] =
    roleArns.length === 0
      ? []
      : [
          {
            Sid: "Clients",
            Principal: { AWS: [...roleArns].sort() },
            Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            Resource: fileSystemArn,
            Condition: throughAccessPoint(accessPointArn),
          },
        ];
  return policy(...clients, {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: "*",
    Resource: fileSystemArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
};
