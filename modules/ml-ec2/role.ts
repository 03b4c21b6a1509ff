import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { awsPolicyArn, ManagedRole } from "../common/iam/managed-role";
import { policy, type Statement, trust } from "../common/iam/policy";
import { bucketAccess, type DataBuckets } from "./bucket-access";

export interface RoleProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  /** Buckets that the machine may use. */
  readonly storage: DataBuckets;
  /** Log group of the machine. */
  readonly logGroupArn: string;
  /** CloudWatch namespace of the machine's metrics: `<project>/<environment>`. */
  readonly metricNamespace: string;
  /** Secret with Jupyter's token, if any. */
  readonly jupyterToken?: { readonly secretArn: string; readonly kmsKeyArn?: string };
  /** Shared file system, if any, and the access point through which it must be mounted, if any. */
  readonly sharedFiles?: { readonly fileSystemArn: string; readonly accessPointArn?: string };
}

/** Instance role: buckets, log group, metrics and Session Manager. */
export class Role extends Construct {
  readonly roleName: string;
  readonly roleArn: string;
  readonly instanceProfileName: string;
  readonly instanceProfileArn: string;
  /** Policies that an instance depends on, so that it never runs without its permissions. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const name = `${props.prefix}-ml-instance`;
    const role = new ManagedRole(this, "role", {
      name,
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      policyArns: { "session-manager": awsPolicyArn("AmazonSSMManagedInstanceCore") },
      policies: policies(props),
    });
    const profile = new IamInstanceProfile(this, "profile", { namePrefix: `${name}-`, role: role.name });

    this.roleName = role.name;
    this.roleArn = role.arn;
    this.instanceProfileName = profile.name;
    this.instanceProfileArn = profile.arn;
    this.ready = role.policies;
  }
}

function policies(props: RoleProps): Record<string, string> {
  const { storage, logGroupArn, metricNamespace, jupyterToken, sharedFiles } = props;
  return {
    s3: policy(...bucketAccess(storage, "read-write")),
    logs: policy({
      Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: `${logGroupArn}:*`,
    }),
    // these actions have no resources; CloudWatch can at least be limited to a namespace
    metrics: policy({
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": metricNamespace } },
    }),
    describe: policy({
      Action: ["ec2:DescribeInstances", "ec2:DescribeTags", "ec2:DescribeVolumes"],
      Resource: "*",
    }),
    ...(jupyterToken && { "jupyter-token": policy(...read(jupyterToken)) }),
    ...(sharedFiles && { "shared-files": policy(mount(sharedFiles)) }),
  };
}

const read = ({ secretArn, kmsKeyArn }: NonNullable<RoleProps["jupyterToken"]>): Statement[] => [
  { Action: "secretsmanager:GetSecretValue", Resource: secretArn },
  ...(kmsKeyArn === undefined ? [] : [{ Action: "kms:Decrypt", Resource: kmsKeyArn }]),
];

/** Mount and write as a client, not as root, through mount targets only, which security groups protect. */
const mount = ({ fileSystemArn, accessPointArn }: NonNullable<RoleProps["sharedFiles"]>): Statement => ({
  Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
  Resource: fileSystemArn,
  Condition: {
    Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
    ...(accessPointArn && { ArnEquals: { "elasticfilesystem:AccessPointArn": accessPointArn } }),
  },
});
