import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { EfsBackupPolicy } from "@cdktf/provider-aws/lib/efs-backup-policy";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsFileSystemPolicy } from "@cdktf/provider-aws/lib/efs-file-system-policy";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct, sortedEntries } from "../../common/collections";
import { policy, type Statement } from "../../common/iam/policy";
import { allowReplacementShape, lastingSettings } from "../../common/lasting-settings";
import { idFrom } from "../../common/names";
import { kmsKeyArnSchema, roleArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { present } from "../../common/settings/present";
import { parseProps, requiredString } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { clientSecurityGroupIdsSchema, IngressSecurityGroup } from "../ec2/ingress-security-group";
import { subnetIdsSchema } from "../ec2/subnet-ids";

/** Name of the access point of those who need but one. */
const SHARED = "shared";

/** Settings of a shared file system. */
export const sharedFilesShape = {
  /** KMS key that encrypts the files; EFS's own key when absent. A change replaces the file system. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Throughput: `elastic`, billed by use, or `bursting`, which scales with the stored data at no extra cost. */
  throughputMode: z.enum(["elastic", "bursting"]).default("elastic"),
  /** Days without access after which a file moves to Infrequent Access, until its next access: 1, 7, 14, 30, 60, 90, 180, 270 or 365. */
  infrequentAccessDays: z.literal([1, 7, 14, 30, 60, 90, 180, 270, 365]).default(30),
  /** Days without access after which a file moves on to Archive, at least 90 and more than `infrequentAccessDays`; never when absent. */
  archiveDays: z.literal([90, 180, 270, 365]).optional(),
  /** Daily AWS Backup, kept for five weeks. */
  backup: z.boolean().default(true),
  /** UID and GID that own all files, 1 to 65535; 1000 is the first user of Amazon Linux. */
  userId: z.int().min(1).max(65535).default(1000),
  ...allowReplacementShape,
};

/** Rules across the settings of a shared file system. */
export function checkSharedFiles(
  { throughputMode, infrequentAccessDays, archiveDays }: z.output<typeof settings>,
  ctx: z.RefinementCtx,
): void {
  if (archiveDays === undefined) return;
  // Source: EFS User Guide, "EFS storage classes", Archive
  if (throughputMode !== "elastic") {
    refuse(ctx, "archiveDays", `must be left out where throughputMode is ${throughputMode}, got ${archiveDays}`);
  } else if (archiveDays <= infrequentAccessDays) {
    const message = `must be more than infrequentAccessDays (${infrequentAccessDays}), got ${archiveDays}`;
    refuse(ctx, "archiveDays", message);
  }
}
const settings = z.object(sharedFilesShape);

/** Folder of an access point, whose clients see nothing above it. */
const folder = z
  .string()
  .max(100) // EFS API reference, RootDirectory
  .regex(/^\/[\w-]+$/, "must be a folder of the file system such as /shared");

const schema = z
  .strictObject({
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
    /** Access points, by a short name: the folder of each. */
    accessPoints: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens"), folder)
      .refine((points) => areDistinct(Object.values(points)), "must have a folder of its own each")
      .refine((points) => Object.keys(points).length > 0, "must have at least one access point, got none")
      .default({ [SHARED]: "/shared" }),
    ...sharedFilesShape,
  })
  .superRefine(checkSharedFiles);
export type SharedFilesProps = z.input<typeof schema>;

const NFS = 2049;

/** Way into a file system, as one user and from one folder down. */
export interface AccessPoint {
  readonly id: string;
  readonly arn: string;
}

/** EFS file system, mounted over TLS with IAM authorization from the given security groups. */
export class SharedFiles extends Construct {
  readonly fileSystemId: string;
  readonly fileSystemArn: string;
  readonly dnsName: string;
  /** Access points by name. */
  readonly accessPoints: Readonly<Record<string, AccessPoint>>;
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
        ...(props.archiveDays === undefined ? [] : [{ transitionToArchive: `AFTER_${props.archiveDays}_DAYS` }]),
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
    this.accessPoints = Object.fromEntries(
      sortedEntries(props.accessPoints).map(([key, path]) => {
        const single = key === SHARED;
        const { id, arn } = new EfsAccessPoint(this, single ? "access-point" : `${key}-access-point`, {
          fileSystemId,
          posixUser: { uid: userId, gid: userId },
          rootDirectory: { path, creationInfo: { ownerUid: userId, ownerGid: userId, permissions: "0770" } },
          tags: { Name: single ? name : `${name}-${key}` },
        });
        return [key, { id, arn }];
      }),
    );
    const arns = Object.values(this.accessPoints).map(({ arn }) => arn);
    const access = new EfsFileSystemPolicy(this, "policy", {
      fileSystemId,
      policy: accessPolicy(files.arn, arns, props.clientRoleArns),
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
    this.dnsName = files.dnsName;
    this.securityGroupId = group.id;
    this.ready = [...mountTargets, ...rules, access];
  }

  /** Id of the access point `shared`. */
  get accessPointId(): string {
    return this.accessPoint(SHARED).id;
  }

  /** ARN of the access point `shared`. */
  get accessPointArn(): string {
    return this.accessPoint(SHARED).arn;
  }

  /** The access point of this name; an `InputError` if there is none. */
  accessPoint(name: string): AccessPoint {
    return present(this, "accessPoints", this.accessPoints[name], `must have ${name}`);
  }

  /** Permission to mount and write through these access points, as a client and not as root. */
  mountStatement(...names: string[]): Statement {
    return {
      Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      Resource: this.fileSystemArn,
      Condition: throughAccessPoint(...names.map((name) => this.accessPoint(name).arn)),
    };
  }

  /** Line of /etc/fstab for amazon-efs-utils: over TLS, with the machine's role, through the access point. */
  fstabEntry(mountPoint: string): string {
    const options = `_netdev,nofail,noresvport,tls,iam,accesspoint=${this.accessPointId}`;
    return `${this.fileSystemId}:/ ${mountPoint} efs ${options} 0 0`;
  }
}

/** Condition of statements on a file system: through a mount target and one of the access points. */
export const throughAccessPoint = (...accessPointArns: string[]) => {
  const [arn = ""] = accessPointArns;
  return {
    Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
    ArnEquals: { "elasticfilesystem:AccessPointArn": accessPointArns.length === 1 ? arn : accessPointArns },
  };
};

/** Replaces the default policy of EFS, which admits everybody: clients must authenticate with IAM. */
const accessPolicy = (fileSystemArn: string, accessPointArns: string[], roleArns: string[]) => {
  const clients: Statement[] =
    roleArns.length === 0
      ? []
      : [
          {
            Sid: "Clients",
            Principal: { AWS: [...roleArns].sort() },
            Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            Resource: fileSystemArn,
            Condition: throughAccessPoint(...accessPointArns),
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
