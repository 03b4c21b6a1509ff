import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { LogGroup, logGroupShape } from "../aws/cloudwatch/log-group";
import { DEFAULT_VERSION, minorOf, NEWEST_MINOR, supportWarning } from "../aws/eks/eks-versions";
import { areDistinct } from "../common/collections";
import { awsPolicyArn, ManagedRole } from "../common/iam/managed-role";
import { policy, trust } from "../common/iam/policy";
import { allowReplacementShape, joined, lastingSettings } from "../common/lasting-settings";
import { AUTO_MODE_POLICIES, type AutoMode, TAGGED_VOLUMES } from "./auto-mode";
import { EncryptionKey } from "./encryption-key";

/** Inputs of the cluster about its control plane. */
export const controlPlaneShape = {
  /** Name of the cluster, and prefix of its resources' names. 1 to 100 letters, digits, hyphens and underscores, a letter or digit first (EKS API reference, CreateCluster). */
  name: z
    .string()
    .max(100)
    .regex(
      /^[0-9A-Za-z][0-9A-Za-z_-]*$/,
      "must have 1 to 100 letters, digits, hyphens and underscores, a letter or digit first",
    ),
  /** Kubernetes version, from 1.30 to 1.39: EKS adds three versions a year to {@link NEWEST_MINOR}. One whose support has ended is warned of. */
  version: z
    .string()
    .regex(/^1\.[1-9]\d$/, "must be a Kubernetes version such as 1.35")
    .refine((version) => !(minorOf(version) < 30), "must be at least 1.30")
    .refine(
      (version) => !(minorOf(version) > NEWEST_MINOR + 3),
      `must be at most 1.${NEWEST_MINOR + 3}: the newest version of EKS is 1.${NEWEST_MINOR}, as far as this release knows`,
    )
    .default(DEFAULT_VERSION),
  /** At the end of the version's standard support, upgrade automatically (STANDARD) or keep it for a fee (EXTENDED). */
  supportType: z.enum(["STANDARD", "EXTENDED"]).default("STANDARD"),
  /** Control plane logs to send to CloudWatch; an empty list for none. */
  logTypes: z
    .array(z.enum(["api", "audit", "authenticator", "controllerManager", "scheduler"]))
    .refine(areDistinct, "must name each type once")
    .default(["api", "audit", "authenticator"]),
  ...logGroupShape(90),
  /** Provisioned capacity of the control plane, for a fee. Needs AWS provider 6.x. */
  controlPlaneScalingTier: z.enum(["standard", "tier-xl", "tier-2xl", "tier-4xl", "tier-8xl"]).optional(),
  /** Protect the cluster from deletion. Needs AWS provider 6.x. */
  deletionProtection: z.boolean().default(false),
  /** Allow Application Recovery Controller to shift traffic out of an impaired zone. */
  zonalShift: z.boolean().default(false),
  ...allowReplacementShape,
};

const settingsSchema = z.object(controlPlaneShape);
type ControlPlaneProps = z.output<typeof settingsSchema> & {
  subnetIds: string[];
  securityGroupId: string;
  serviceIpv4Cidr?: string;
  endpointPublicAccess: boolean;
  publicAccessCidrs: string[];
  kmsKeyArn?: string;
  kmsKeyAdministrators: string[];
  autoMode?: AutoMode;
  volumeTags: Record<string, string>;
};

/** EKS control plane, with its role, its log group and the key of its secrets. */
export class ControlPlane extends Construct {
  readonly cluster: EksCluster;
  /** Role of the cluster. */
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    const { name, autoMode, serviceIpv4Cidr, endpointPublicAccess, kmsKeyAdministrators } = props;
    const keyArn =
      props.kmsKeyArn ?? new EncryptionKey(this, "encryption", { name, administrators: kmsKeyAdministrators }).keyArn;
    const warning = supportWarning(props.version, props.supportType);
    if (warning) Annotations.of(this).addWarning(warning);
    const logTypes = [...props.logTypes].sort();
    const logGroups = logTypes.length === 0 ? [] : [this.logGroup(props)];
    const role = new ManagedRole(this, "role", {
      name: `${name}-cluster`,
      assumeRolePolicy: trust("eks.amazonaws.com", autoMode ? ["sts:AssumeRole", "sts:TagSession"] : undefined),
      policyArns: { cluster: awsPolicyArn("AmazonEKSClusterPolicy"), ...(autoMode ? AUTO_MODE_POLICIES : {}) },
      policies: {
        ...(autoMode && Object.keys(props.volumeTags).length > 0 && { "volume-tags": policy(TAGGED_VOLUMES) }),
        "secrets-key": policy({
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
          Resource: keyArn,
        }),
        // A late log, while the cluster is deleted, would create the deleted log group again.
        ...(logGroups.length > 0 && {
          "no-log-group": policy({ Effect: "Deny", Action: "logs:CreateLogGroup", Resource: "*" }),
        }),
      },
    });
    this.roleArn = role.arn;
    this.cluster = new EksCluster(this, "cluster", {
      name,
      version: props.version,
      roleArn: role.arn,
      upgradePolicy: { supportType: props.supportType },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      bootstrapSelfManagedAddons: false,
      vpcConfig: {
        subnetIds: props.subnetIds,
        securityGroupIds: [props.securityGroupId],
        endpointPrivateAccess: true,
        endpointPublicAccess,
        ...(endpointPublicAccess && { publicAccessCidrs: [...props.publicAccessCidrs].sort() }),
      },
      encryptionConfig: { resources: ["secrets"], provider: { keyArn } },
      ...(logTypes.length > 0 && { enabledClusterLogTypes: logTypes }),
      // The three switches of Auto Mode, of which EKS accepts all or none. Absent, the provider keeps what they were.
      computeConfig: autoMode?.computeConfig ?? { enabled: false },
      storageConfig: { blockStorage: { enabled: autoMode !== undefined } },
      kubernetesNetworkConfig: { serviceIpv4Cidr, elasticLoadBalancing: { enabled: autoMode !== undefined } },
      ...(props.controlPlaneScalingTier && { controlPlaneScalingConfig: { tier: props.controlPlaneScalingTier } }),
      ...(props.deletionProtection && { deletionProtection: true }),
      ...(props.zonalShift && { zonalShiftConfig: { enabled: true } }),
      lifecycle: this.lasting(props),
      dependsOn: [...role.policies, ...logGroups, ...(autoMode?.nodeRole.policies ?? [])],
    });
  }

  /** What EKS sets once. The provider plans another key as an update that does nothing, and would then delete the key in use. */
  private lasting({ kmsKeyArn, serviceIpv4Cidr, allowReplacement, autoMode }: ControlPlaneProps) {
    const what = "the cluster";
    const own = lastingSettings(this, "lasting", { what, settings: { kmsKeyArn, serviceIpv4Cidr }, allowReplacement });
    return autoMode ? joined(own, autoMode.lasting(what, allowReplacement)) : own;
  }

  /** EKS writes to a log group of this name, and would create one that never expires. */
  private logGroup(props: ControlPlaneProps): LogGroup {
    return new LogGroup(this, "logs", { ...props, name: `/aws/eks/${props.name}/cluster` });
  }
}
