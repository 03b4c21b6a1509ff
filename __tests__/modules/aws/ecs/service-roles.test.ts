import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { expect, it } from "vitest";
import { FargateService } from "../../../../modules/aws/ecs/fargate-service";
import { type Json, refTo, synth } from "../../../support/synth";
import { build, CLUSTER, KEY, rejectsSettings, SECRET, type Settings, settings } from "./fargate-service.fixture";

const OTHER_KEY = "arn:aws:kms:us-east-1:111122223333:key/0000";

const OTHER = SECRET.replace("broker", "another");
/** Own policies of a role, by name; `role` is a part of its address. */
const policies = (role: "execution" | "task", some: Settings): Record<string, Json[]> => {
  const { all } = build(some);
  const own = all(IamRolePolicy).filter((policy) => policy.role.includes(`service_roles_${role}_`));
  return Object.fromEntries(own.map(({ name, policy }) => [name, JSON.parse(policy).Statement]));
};

it("are two, for tasks of this account and region alone", () => {
  const { all, data } = build();
  expect(data(DataAwsCallerIdentity)).toHaveLength(1);
  const roles = all(IamRole);
  expect(roles.map(({ name_prefix }) => name_prefix)).toEqual(["fossa-execution-", "fossa-task-"]);
  for (const { assume_role_policy } of roles) {
    const [statement, ...others] = JSON.parse(assume_role_policy).Statement;
    expect(others).toEqual([]);
    const account = /\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/.exec(assume_role_policy)?.[0];
    const region = /\$\{data\.aws_region\.[\w-]+\.id\}/.exec(assume_role_policy)?.[0];
    expect([account, region]).not.toContain(undefined);
    expect(statement).toEqual({
      Effect: "Allow",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:aws:ecs:${region}:${account}:*` },
      },
    });
  }
});
it("let ECS fetch an image and write logs, and the containers do nothing, by default", () => {
  const { all } = build();
  expect(all(IamRolePolicyAttachment)).toEqual([
    {
      role: expect.stringContaining("service_roles_execution_"),
      policy_arn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    },
  ]);
  expect(all(IamRolePolicy)).toEqual([]);
});
it("let ECS read the container's secrets and no others, each named once", () => {
  const secrets = { URL: `${SECRET}:url::`, USER: `${SECRET}:username::`, TOKEN: OTHER };
  const read = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [OTHER, SECRET] };
  expect(policies("execution", { container: { secrets } })).toEqual({ secrets: [read] });
  expect(policies("task", { container: { secrets } })).toEqual({});
  const decrypted = policies("execution", { container: { secrets }, secretsKmsKeyArns: [KEY, OTHER_KEY] }).secrets;
  expect(decrypted).toEqual([
    read,
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: [OTHER_KEY, KEY],
      Condition: {
        StringEquals: {
          "kms:ViaService": expect.stringMatching(
            /^secretsmanager\.\$\{data\.aws_region\.[\w-]+\.id\}\.amazonaws\.com$/,
          ),
        },
      },
    },
  ]);
});
it("let ECS read a secret that another resource gives, without the keys in it", () => {
  const { all } = synth((stack) => {
    const { arn } = new SecretsmanagerSecret(stack, "secret");
    const secrets = { URL: `${arn}:url::`, ALL: arn };
    new FargateService(stack, "service", settings({ container: { secrets } }));
  });
  expect(JSON.parse(all(IamRolePolicy)[0].policy).Statement).toEqual([
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [refTo(SecretsmanagerSecret, "arn")] },
  ]);
});
it("have no use for a key without secrets", () => {
  expect(policies("execution", { secretsKmsKeyArns: [KEY] })).toEqual({});
});
it("take statements for the image and for the containers, each where it belongs", () => {
  const pull = { Action: ["ecr:CreateRepository"], Resource: "arn:aws:ecr:us-east-1:111122223333:repository/cache/*" };
  const work = {
    Sid: "Data",
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::data/*",
    Condition: { Bool: { a: "b" } },
  };
  const some = { imagePullStatements: [pull], taskRoleStatements: [work] };
  expect(policies("execution", some)).toEqual({ "image-pull": [{ Effect: "Allow", ...pull }] });
  expect(policies("task", some)).toEqual({ task: [{ Effect: "Allow", ...work }] });
});
it("let containers talk to Session Manager for ECS Exec, and write where the cluster keeps sessions", () => {
  const channels = {
    Effect: "Allow",
    Action: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: "*",
  };
  expect(policies("task", { executeCommand: true })).toEqual({ "execute-command": [channels] });
  const sessionLogGroupArn = "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/dev-fossa";
  const cluster = { ...CLUSTER, sessionLogGroupArn };
  expect(policies("task", { executeCommand: true, cluster })["execute-command"]).toEqual([
    channels,
    { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: `${sessionLogGroupArn}:*`,
    },
  ]);
  expect(policies("task", { cluster })).toEqual({});
});
it.each([
  [false, ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]],
  [true, ["elasticfilesystem:ClientMount"]],
])("let containers mount files through their access point (read only: %s)", (readOnly, Action) => {
  const files = {
    fileSystemId: "fs-1",
    accessPointId: "fsap-1",
    fileSystemArn: "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1",
    accessPointArn: "arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/fsap-1",
  };
  const volume = { name: "data", containerPath: "/data", readOnly };
  expect(policies("task", { volumes: [{ ...volume, files }] })).toEqual({
    files: [
      {
        Effect: "Allow",
        Action,
        Resource: files.fileSystemArn,
        Condition: {
          Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
          ArnEquals: { "elasticfilesystem:AccessPointArn": files.accessPointArn },
        },
      },
    ],
  });
  const withoutArns = { ...files, fileSystemArn: undefined };
  expect(policies("task", { volumes: [{ ...volume, files: withoutArns }] })).toEqual({});
});
it("never hold more of ECS than tasks need", () => {
  expect(build({ executeCommand: true, container: { secrets: { A: SECRET } } }).json).not.toContain(
    "AmazonECS_FullAccess",
  );
});
it("are complete before a task starts", () => {
  const waits = build({ container: { secrets: { A: SECRET } }, executeCommand: true }).one(EcsService).depends_on;
  expect(waits.filter((address: string) => address.startsWith("aws_iam_role_policy"))).toHaveLength(3);
});
const statement = (some: object) => ({ taskRoleStatements: [{ Action: "s3:GetObject", Resource: "*", ...some }] });
rejectsSettings(
  ["taskRoleStatements[0].Action", statement({ Action: undefined }), "an action"],
  ["taskRoleStatements[0].Action", statement({ Action: [] }), "at least 1 items"],
  ["taskRoleStatements[0].Action", statement({ Action: 5 }), "an action", "got 5"],
  ["taskRoleStatements[0].Resource", statement({ Resource: undefined }), "is required"],
  ["taskRoleStatements[0].Resource", statement({ Resource: "" }), "must be an ARN or *"],
  ["taskRoleStatements[0].Effect", statement({ Effect: "allow" }), "one of Allow, Deny", '"allow"'],
  ["taskRoleStatements[0].Sid", statement({ Sid: "my data" }), "letters and digits", '"my data"'],
  ["taskRoleStatements[0].Condition.Bool", statement({ Condition: { Bool: "true" } }), '"true"'],
  ["taskRoleStatements[0].Principal", statement({ Principal: "*" }), "unknown key"],
  [
    "imagePullStatements[1].Sid",
    { imagePullStatements: [statement({ Sid: "A" }), statement({ Sid: "A" })].map((of) => of.taskRoleStatements[0]) },
    "got A again",
  ],
  ["imagePullStatements", { imagePullStatements: "ecr:*" }, "of type array"],
  ["secretsKmsKeyArns[0]", { secretsKmsKeyArns: ["alias/secrets"] }, "ARN of a KMS key"],
  ["secretsKmsKeyArns", { secretsKmsKeyArns: [KEY, KEY] }, "name each key once"],
  ["secretsKmsKeyArns", { secretsKmsKeyArns: Array.from({ length: 21 }, (_, i) => `${KEY}${i}`) }, "at most 20"],
);
