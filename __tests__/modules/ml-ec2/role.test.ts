import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { Role, type RoleProps } from "../../../modules/ml-ec2/role";
import { type Json, refTo, synth } from "../../support/synth";
import { build, type DataSettings } from "./data.fixture";

const given = {
  prefix: "ml-dev",
  storage: { datasets: { bucketArn: "arn:aws:s3:::datasets" }, models: { bucketArn: "arn:aws:s3:::models" } },
  logGroupArn: "arn:aws:logs:us-east-1:111122223333:log-group:/aws/ec2/ml-dev-ml-training",
  metricNamespace: "ml/dev",
};
const alone = (props: Partial<RoleProps> = {}) => synth((stack) => new Role(stack, "role", { ...given, ...props }));
/** Statements of each policy of the role, by the policy's name. */
const policies = ({ all }: ReturnType<typeof synth>): Record<string, Json[]> =>
  Object.fromEntries(all(IamRolePolicy).map(({ name, policy }) => [name, JSON.parse(policy).Statement]));
const inStack = (settings: DataSettings = {}) => policies(build(settings));

it("is one role that EC2 takes on, in one profile, and no user", () => {
  const { one, all } = alone();
  expect(one(IamRole).name_prefix).toBe("ml-dev-ml-instance-");
  expect(JSON.parse(one(IamRole).assume_role_policy).Statement).toEqual([
    { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: ["sts:AssumeRole"] },
  ]);
  expect(one(IamInstanceProfile)).toEqual({ name_prefix: "ml-dev-ml-instance-", role: refTo(IamRole, "name") });
  expect(all(IamUser)).toEqual([]);
});
it("has Session Manager's policy as the only one of AWS's own", () => {
  const { one, json } = alone();
  expect(one(IamRolePolicyAttachment).policy_arn).toBe("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore");
  expect(json.match(/arn:aws:iam::aws:/g)).toHaveLength(1);
});
it("uses the two buckets and nothing else of S3", () => {
  const { s3 } = inStack();
  const bucket = (noun: string, end = "") =>
    expect.stringMatching(`^\\$\\{aws_s3_bucket\\.data_storage_${noun}_bucket_\\w+\\.arn\\}${end}$`);
  expect(s3).toEqual([
    {
      Sid: "Buckets",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:GetBucketLocation"],
      Resource: [bucket("datasets"), bucket("models")],
    },
    {
      Sid: "Objects",
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: [bucket("datasets", "/\\*"), bucket("models", "/\\*")],
    },
  ]);
  expect(JSON.stringify(inStack())).not.toMatch(/s3:\*|ListAllMyBuckets/);
});
it("uses the buckets' key where they have one", () => {
  expect(inStack({ s3Encryption: "aws:kms" }).s3?.[2]).toEqual({
    Sid: "Key",
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: refTo(KmsKey, "arn"),
  });
  expect(JSON.stringify(inStack())).not.toContain("kms:");
});
it("writes to the machines' log group only, which it cannot make", () => {
  expect(inStack().logs).toEqual([
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*$/),
    },
  ]);
  expect(build().all(CloudwatchLogGroup)).toHaveLength(1);
});
it("writes metrics into the project's namespace only", () => {
  expect(policies(alone()).metrics).toEqual([
    {
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": "ml/dev" } },
    },
  ]);
});
it("describes instances, tags and volumes", () => {
  expect(policies(alone()).describe).toEqual([
    { Effect: "Allow", Action: ["ec2:DescribeInstances", "ec2:DescribeTags", "ec2:DescribeVolumes"], Resource: "*" },
  ]);
});
it("reads the token of Jupyter, and no other secret, where there is one", () => {
  expect(inStack()["jupyter-token"]).toEqual([
    {
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: refTo(SecretsmanagerSecretVersion, "arn"),
    },
  ]);
  expect(alone().json).not.toContain("secretsmanager");
});
it("decrypts that token where a key of one's own encrypts it", () => {
  const jupyterToken = {
    secretArn: "arn:aws:secretsmanager:us-east-1:1:secret:a",
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c",
  };
  expect(policies(alone({ jupyterToken }))["jupyter-token"]?.[1]).toEqual({
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: jupyterToken.kmsKeyArn,
  });
});
it("mounts the shared files as a client that is not root, by a mount target, where there are any", () => {
  const fileSystemArn = "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1";
  const accessPointArn = "arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/fsap-1";
  const mount = (sharedFiles: RoleProps["sharedFiles"]) => policies(alone({ sharedFiles }))["shared-files"];
  const statement = {
    Effect: "Allow",
    Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    Resource: fileSystemArn,
    Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
  };
  expect(mount({ fileSystemArn })).toEqual([statement]);
  expect(mount({ fileSystemArn, accessPointArn })).toEqual([
    {
      ...statement,
      Condition: {
        ...statement.Condition,
        ArnEquals: { "elasticfilesystem:AccessPointArn": accessPointArn },
      },
    },
  ]);
  expect(alone().json).not.toContain("elasticfilesystem");
});
it("has no policy but these", () => {
  expect(Object.keys(policies(alone())).sort()).toEqual(["describe", "logs", "metrics", "s3"]);
  expect(Object.keys(inStack()).sort()).toEqual(["describe", "jupyter-token", "logs", "metrics", "s3"]);
});
it("tells its role and profile, and all that an instance must wait for", () => {
  const { outputs, byId } = synth((stack) => {
    const { roleName, roleArn, instanceProfileName, instanceProfileArn, ready } = new Role(stack, "role", given);
    for (const [name, value] of Object.entries({ roleName, roleArn, instanceProfileName, instanceProfileArn })) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
    new S3Bucket(stack, "waiting", { dependsOn: ready });
  });
  expect(outputs).toEqual({
    roleName: { value: refTo(IamRole, "name") },
    roleArn: { value: refTo(IamRole, "arn") },
    instanceProfileName: { value: refTo(IamInstanceProfile, "name") },
    instanceProfileArn: { value: refTo(IamInstanceProfile, "arn") },
  });
  expect(byId(S3Bucket).waiting.depends_on.map((address: string) => address.split(".")[0])).toEqual([
    "aws_iam_role_policy_attachment",
    ...Array(4).fill("aws_iam_role_policy"),
  ]);
});
