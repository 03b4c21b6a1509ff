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
import { idFrom } from "../../common/names";
import { kmsKeyArnSchema, roleArnSchema } from "../../common/settings/arns";
import { parseProps, requiredString } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { clientSecurityGroupIdsSchema, IngressSecurityGroup } from "../ec2/ingress-security-group";
import { subnetIdsSchema } from "../ec2/subnet-ids";

/** What a user chooses of a shared file system, whatever system it belongs to. */
export const sharedFilesShape = {
  /** KMS key that encrypts the files; EFS's own key when absent. It cannot be changed later. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** How fast it is: elastic, by use, or bursting, which grows with what is stored and costs nothing beside it. */
  throughputMode: z.enum(["elastic", "bursting"]).default("elastic"),
  /** Days after which a file that nobody opens moves to cheaper storage, until it is opened: 1, 7, 14, 30, 60, 90, 180, 270 or 365; 30 by default. */
  infrequentAccessDays: z.literal([1, 7, 14, 30, 60, 90, 180, 270, 365]).default(30),
  /** Whether AWS Backup saves it daily, for five weeks. */
  backup: z.boolean().default(true),
  /** POSIX user and group, 1 to 65535, that all files belong to; 1000 by default, the first user of Amazon Linux. */
  userId: z.int().min(1).max(65535).default(1000),
};

const schema = z.strictObject({
  /** Name of the file system, and part of its security group's: 1 to 100 letters, digits and hyphens. */
  name: z
    .string()
    .max(100)
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be letters, digits and hyphens, a letter first"),
  /** VPC of the clients. */
  vpcId: requiredString,
  /** Subnets that the clients reach it in, at most one of each zone: EFS takes no second. */
  subnetIds: subnetIdsSchema.min(1),
  /** Security groups of the clients, by a short name of yours. */
  clientSecurityGroupIds: clientSecurityGroupIdsSchema,
  /** Roles that may mount it through the access point, beside those that a policy of their own allows to. */
  clientRoleArns: z.array(roleArnSchema).refine(areDistinct, "must not name a role twice").default([]),
  /** Whether Terraform refuses every plan that would delete the files. */
  preventDestroy: z.boolean().default(false),
  /** Tags on the file system beside its name. */
  tags: tagsSchema.default({}),
  ...sharedFilesShape,
});
export type SharedFilesProps = z.input<typeof schema>;

const NFS = 2049;

/** EFS file system that is mounted by TLS, by roles that IAM allows to, from certain security groups. */
export class SharedFiles extends Construct {
  readonly fileSystemId: string;
  readonly fileSystemArn: string;
  readonly accessPointId: string;
  readonly accessPointArn: string;
  readonly securityGroupId: string;
  /** What a machine that mounts it as it boots must wait for. */
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
      lifecycle: props.preventDestroy ? { preventDestroy: true } : undefined,
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
        // a subnet of this run has no name yet: it stands in the network's order of zones, which stays
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

  /** Line of /etc/fstab by which amazon-efs-utils mounts it: by TLS, as the machine's role, through the access point. */
  fstabEntry(mountPoint: string): string {
    const options = `_netdev,nofail,noresvport,tls,iam,accesspoint=${this.accessPointId}`;
    return `${this.fileSystemId}:/ ${mountPoint} efs ${options} 0 0`;
  }
}

/** A policy of its own takes the place of EFS's, which lets everybody in: who mounts has to prove a role by IAM. */
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
            Condition: {
              Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
              StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArn },
            },
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
