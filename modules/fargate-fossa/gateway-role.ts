import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { pushTo } from "../aws/ecr/access";
import { deployStatements } from "../aws/image-build/deploys";
import { awsPolicyArn, ManagedRole } from "../common/iam/managed-role";
import { policy, type Statement, trust } from "../common/iam/policy";
import type { AppSettings, BuildSettings, GatewaySettings } from "./gateway-settings";

export interface GatewayRoleProps extends Pick<GatewaySettings, "name" | "app" | "build"> {
  /** Region of the host, may be a token. */
  region: string;
}

/** Instance role of the host: Session Manager, and the permissions of page and image builds. */
export class GatewayRole extends Construct {
  readonly roleName: string;
  readonly roleArn: string;
  readonly instanceProfileName: string;
  /** Policies that the host depends on, so that it never runs without its permissions. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, app, build, region }: GatewayRoleProps) {
    super(scope, id);
    const role = new ManagedRole(this, "role", {
      name: `${name}-gateway`,
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      policyArns: { "session-manager": awsPolicyArn("AmazonSSMManagedInstanceCore") },
      policies: {
        ...(app && { page: policy(...forPage(app)) }),
        ...(build && { "image-build": policy(...forBuild(this, build, region)) }),
      },
    });
    this.roleName = role.name;
    this.roleArn = role.arn;
    this.instanceProfileName = new IamInstanceProfile(this, "profile", {
      namePrefix: `${name}-gateway-`,
      role: role.name,
    }).name;
    this.ready = role.policies;
  }
}

const forPage = ({ bucketArn, key, ...page }: AppSettings): Statement[] => [
  { Sid: "Program", Action: "s3:GetObject", Resource: `${bucketArn}/${key}` },
  ...pageStatements(page),
];

/**
 * Permissions of the page. Only ListClusters has no resource; the resource of ListTasks is a cluster's container instances,
 * even if it has none. Source: Service Authorization Reference, "Amazon Elastic Container Service".
 */
export function pageStatements(
  page: Pick<AppSettings, "passwordSecretArn" | "kmsKeyArn" | "clusterArns">,
): Statement[] {
  const { passwordSecretArn, kmsKeyArn, clusterArns } = page;
  const Condition = { ArnEquals: { "ecs:cluster": clusterArns } };
  return [
    { Sid: "Password", Action: "secretsmanager:GetSecretValue", Resource: passwordSecretArn },
    ...decrypt("Key", kmsKeyArn),
    { Sid: "Clusters", Action: "ecs:ListClusters", Resource: "*" },
    { Sid: "Tasks", Action: "ecs:ListTasks", Resource: within("container-instance", clusterArns), Condition },
    { Sid: "Task", Action: "ecs:DescribeTasks", Resource: within("task", clusterArns), Condition },
  ];
}

function forBuild(scope: Construct, build: BuildSettings, region: string): Statement[] {
  const { bucketArn, prefix, kmsKeyArn, repositoryArn, deploys } = build;
  return [
    { Sid: "Source", Action: "s3:GetObject", Resource: `${bucketArn}/${prefix}/*` },
    ...decrypt("SourceKey", kmsKeyArn),
    ...pushTo(repositoryArn),
    ...(deploys ? deployStatements(deploys, region, new DataAwsCallerIdentity(scope, "account").accountId) : []),
  ];
}

const decrypt = (Sid: string, kmsKeyArn: string | undefined): Statement[] =>
  kmsKeyArn === undefined ? [] : [{ Sid, Action: "kms:Decrypt", Resource: kmsKeyArn }];

/** ARN patterns of all resources of a kind in these clusters. */
const within = (kind: string, clusterArns: string[]): string[] =>
  clusterArns.map((arn) => {
    const [from, to] = [":cluster/", `:${kind}/`];
    return `${Token.isUnresolved(arn) ? Fn.replace(arn, from, to) : arn.replace(from, to)}/*`;
  });
