import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { BackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { DynamodbResourcePolicy } from "@cdktf/provider-aws/lib/dynamodb-resource-policy";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { z } from "zod";
import { SingleTable, type SingleTableProps, singleTableSettings } from "../../../../modules/aws/dynamodb/single-table";
import { type BadInput, rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const ROLE = "arn:aws:iam::444455556666:role/Reader";
const build = (some: Partial<SingleTableProps> = {}) =>
  synth((stack) => new SingleTable(stack, "table", { name: "dev-training", ...some }));
const table = (some: Partial<SingleTableProps> = {}): Json => build(some).one(DynamodbTable);
const general = (n: number) => ({
  name: `GSI${n}`,
  hash_key: `GSI${n}PK`,
  range_key: `GSI${n}SK`,
  projection_type: "ALL",
});

it("has general keys and indexes, and is billed by request", () => {
  expect(table()).toEqual({
    name: "dev-training",
    billing_mode: "PAY_PER_REQUEST",
    table_class: "STANDARD",
    hash_key: "PK",
    range_key: "SK",
    attribute: [
      ...["PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK", "GSI3PK", "GSI3SK", "GSI4PK", "GSI4SK", "TYPE"],
    ].map((name) => ({ name, type: "S" })),
    global_secondary_index: [
      ...[1, 2, 3, 4].map(general),
      { name: "GSITYPE", hash_key: "TYPE", projection_type: "ALL" },
    ],
    ttl: { attribute_name: "TimeToLive", enabled: true },
    stream_enabled: true,
    stream_view_type: "NEW_AND_OLD_IMAGES",
    point_in_time_recovery: { enabled: true, recovery_period_in_days: 35 },
    server_side_encryption: { enabled: true },
    deletion_protection_enabled: true,
  });
});
it.each([
  [0, true, ["GSITYPE"]],
  [0, false, []],
  [2, false, ["GSI1", "GSI2"]],
  [19, true, [...Array.from({ length: 19 }, (_, i) => `GSI${i + 1}`), "GSITYPE"]],
  [20, false, Array.from({ length: 20 }, (_, i) => `GSI${i + 1}`)],
])("has %i general indexes, and with %s one of types", (indexes, typeIndex, names) => {
  const made = table({ indexes, typeIndex });
  expect((made.global_secondary_index ?? []).map(({ name }: Json) => name)).toEqual(names);
  const keys = (made.global_secondary_index ?? []).flatMap(({ hash_key, range_key }: Json) => [hash_key, range_key]);
  // an attribute that no key uses is an error of DynamoDB's
  expect(made.attribute.map(({ name }: Json) => name).sort()).toEqual(["PK", "SK", ...keys].filter(Boolean).sort());
});
it("says what is off, since the provider would keep it", () => {
  const off = table({ ttlAttribute: false, stream: false, recoveryDays: false, deletionProtection: false });
  expect(off).toMatchObject({
    ttl: { enabled: false },
    stream_enabled: false,
    point_in_time_recovery: { enabled: false },
    deletion_protection_enabled: false,
  });
  expect(off.ttl).not.toHaveProperty("attribute_name");
  expect(off).not.toHaveProperty("stream_view_type");
});
it.each<[Partial<SingleTableProps>, object]>([
  [{ ttlAttribute: "expires" }, { ttl: { attribute_name: "expires", enabled: true } }],
  [{ stream: "keys" }, { stream_view_type: "KEYS_ONLY" }],
  [{ stream: "new" }, { stream_view_type: "NEW_IMAGE" }],
  [{ stream: "old" }, { stream_view_type: "OLD_IMAGE" }],
  [{ recoveryDays: 1 }, { point_in_time_recovery: { enabled: true, recovery_period_in_days: 1 } }],
  [{ kmsKeyArn: KEY }, { server_side_encryption: { enabled: true, kms_key_arn: KEY } }],
  [{ tableClass: "infrequent" }, { table_class: "STANDARD_INFREQUENT_ACCESS" }],
  [{ tags: { team: "ml" } }, { tags: { team: "ml" } }],
])("takes %j", (some, expected) => {
  expect(table(some)).toMatchObject(expected);
});
it("limits requests where asked, of the table and of each index", () => {
  const made = table({ indexes: 1, capacity: { mode: "on-demand", maxWriteUnits: 40_000 } });
  const limits = { max_read_request_units: -1, max_write_request_units: 40_000 };
  expect(made.on_demand_throughput).toEqual(limits);
  expect(made.global_secondary_index.map(({ on_demand_throughput }: Json) => on_demand_throughput)).toEqual([
    limits,
    limits,
  ]);
});
it("takes limits away where asked", () => {
  const made = table({ indexes: 0, capacity: { mode: "on-demand", maxReadUnits: "none", maxWriteUnits: "none" } });
  expect(made.on_demand_throughput).toEqual({ max_read_request_units: -1, max_write_request_units: -1 });
});
it("has units of its own where asked, and so has each index", () => {
  const made = table({ indexes: 1, capacity: { mode: "provisioned", readUnits: 5, writeUnits: 1 } });
  const units = { read_capacity: 5, write_capacity: 1 };
  expect(made).toMatchObject({ billing_mode: "PROVISIONED", ...units });
  for (const index of made.global_secondary_index) expect(index).toMatchObject(units);
});
it("lets nobody in without TLS, and others as told", () => {
  const { resource_arn, policy } = build({
    access: [{ Sid: "Read", Action: ["dynamodb:GetItem", "dynamodb:Query"], principalArns: [ROLE] }],
  }).one(DynamodbResourcePolicy);
  expect(resource_arn).toEqual(refTo(DynamodbTable, "arn"));
  const Resource = [resource_arn, `${resource_arn}/index/*`];
  expect(JSON.parse(policy).Statement).toEqual([
    {
      Sid: "DenyInsecureTransport",
      Effect: "Deny",
      Principal: "*",
      Action: "dynamodb:*",
      Resource,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "Read",
      Effect: "Allow",
      Principal: { AWS: [ROLE] },
      Action: ["dynamodb:GetItem", "dynamodb:Query"],
      Resource,
    },
  ]);
});
it("tells its name, its ARN and its stream", () => {
  const outputs = (some: Partial<SingleTableProps>) =>
    synth((stack) => {
      const { tableName, tableArn, streamArn } = new SingleTable(stack, "table", { name: "dev-training", ...some });
      const value = { tableName, tableArn, streamArn: streamArn ?? "none" };
      new TerraformOutput(stack, "made", { value, staticId: true });
    }).outputs.made.value;
  expect(outputs({})).toEqual({
    tableName: refTo(DynamodbTable, "name"),
    tableArn: refTo(DynamodbTable, "arn"),
    streamArn: refTo(DynamodbTable, "stream_arn"),
  });
  expect(outputs({ stream: false }).streamArn).toBe("none");
});
it("checks a user's settings without the wiring", () => {
  const check = (value: object) => z.object({ table: singleTableSettings }).safeParse({ table: value });
  expect(check({ recoveryDays: 7 }).success).toBe(true);
  expect(check({ name: "mine" }).error?.issues[0]?.path).toEqual(["table", "name"]);
  expect(check({ recoveryDays: 36 }).error?.issues[0]?.path).toEqual(["table", "recoveryDays"]);
});

rejects<unknown>(
  "test/table",
  [
    ["name", { name: "ab" }, "at least 3", "got 2"],
    ["name", { name: "x".repeat(256) }, "at most 255"],
    ["name", { name: "a b c" }, "letters, digits, dots, hyphens and underscores"],
    ["indexes", { indexes: -1 }, "at least 0", "got -1"],
    ["indexes", { indexes: 20 }, "at most 19 beside typeIndex", "got 20"],
    ["indexes", { indexes: 21, typeIndex: false }, "at most 20", "got 21"],
    ["typeIndex", { typeIndex: "TYPE" }, "of type boolean"],
    ["capacity.mode", { capacity: { mode: "auto" } }, "on-demand", "provisioned", '"auto"'],
    ["capacity.maxReadUnits", { capacity: { mode: "on-demand", maxReadUnits: 0 } }, "at least 1", "got 0"],
    ["capacity.maxWriteUnits", { capacity: { mode: "on-demand", maxWriteUnits: 40_001 } }, "at most 40000"],
    ["capacity.maxReadUnits", { capacity: { mode: "on-demand", maxReadUnits: "all" } }, "none or 1 to 40000", '"all"'],
    ["capacity.writeUnits", { capacity: { mode: "provisioned", readUnits: 1 } }, "is required"],
    ["capacity.readUnits", { capacity: { mode: "provisioned", readUnits: 40_001, writeUnits: 1 } }, "at most 40000"],
    ["capacity.readUnits", { capacity: { mode: "on-demand", readUnits: 1 } }, "unknown key"],
    ["tableClass", { tableClass: "cold" }, "standard", "infrequent", '"cold"'],
    ["ttlAttribute", { ttlAttribute: "" }, '""'],
    ["stream", { stream: true }, "must be false, keys, new, old or new-and-old", "got true"],
    ["recoveryDays", { recoveryDays: 0 }, "at least 1", "got 0"],
    ["recoveryDays", { recoveryDays: 36 }, "at most 35", "got 36"],
    ["recoveryDays", { recoveryDays: true }, "false or 1 to 35", "got true"],
    ["kmsKeyArn", { kmsKeyArn: "alias/a" }, "ARN of a KMS key"],
    ["deletionProtection", { deletionProtection: 1 }, "of type boolean"],
    ["access[0].principalArns", { access: [{ Action: "dynamodb:*", principalArns: [] }] }, "at least 1"],
    ["access[0].principalArns[0]", { access: [{ Action: "dynamodb:*", principalArns: ["*"] }] }, "role or user", '"*"'],
    ["access[0].Resource", { access: [{ Action: "a:b", principalArns: [ROLE], Resource: "*" }] }, "must be left out"],
    ["tags.aws:a", { tags: { "aws:a": "b" } }, "must not begin with aws:"],
    ["hashKey", { hashKey: "id" }, "unknown key"],
  ],
  (stack, props) => new SingleTable(stack, "table", { name: "dev-training", ...(props as object) }),
);

const SCALING = { mode: "provisioned" as const, readUnits: 5, writeUnits: 2 };
const scaled = (more: object = {}) =>
  build({ indexes: 1, capacity: { ...SCALING, scaling: { maxReadUnits: 50, maxWriteUnits: 20, ...more } } });

it("scales the provisioned capacity of the table and of each index, which Terraform then leaves as it is", () => {
  const stack = scaled();
  expect(stack.one(DynamodbTable)).toMatchObject({
    billing_mode: "PROVISIONED",
    read_capacity: 5,
    lifecycle: { ignore_changes: ["read_capacity", "write_capacity", "global_secondary_index"] },
  });
  const own = `\${aws_dynamodb_table.${Object.keys(stack.byId(DynamodbTable))[0]}.name}`;
  const targets = ["", "/index/GSI1", "/index/GSITYPE"].flatMap((index) => {
    const of = index ? "index" : "table";
    return [
      [`table/${own}${index}`, `dynamodb:${of}:ReadCapacityUnits`, 5, 50],
      [`table/${own}${index}`, `dynamodb:${of}:WriteCapacityUnits`, 2, 20],
    ];
  });
  const made = stack
    .all(AppautoscalingTarget)
    .map((target) => [target.resource_id, target.scalable_dimension, target.min_capacity, target.max_capacity]);
  expect(made).toHaveLength(6);
  expect(made).toEqual(expect.arrayContaining(targets));
  const policies = stack.all(AppautoscalingPolicy);
  expect(policies.map((policy) => policy.target_tracking_scaling_policy_configuration.target_value)).toEqual(
    Array(6).fill(70),
  );
  for (const { scalable_dimension, target_tracking_scaling_policy_configuration: tracking } of policies) {
    expect(scalable_dimension).toEqual(refTo(AppautoscalingTarget, "scalable_dimension"));
    expect(tracking.predefined_metric_specification.predefined_metric_type).toMatch(
      /^DynamoDB(Read|Write)CapacityUtilization$/,
    );
  }
});
it("leaves capacity to Terraform where nothing scales", () => {
  const stack = build({ capacity: SCALING });
  expect(stack.one(DynamodbTable)).not.toHaveProperty("lifecycle");
  expect(stack.all(AppautoscalingTarget)).toEqual([]);
});
it("is backed up to a vault of its own where asked", () => {
  const stack = build({
    backup: { schedule: "30 2 * * SUN", retentionDays: 120, coldStorageDays: 30, kmsKeyArn: KEY },
  });
  expect(stack.one(BackupVault)).toEqual({ name: "dev-training", kms_key_arn: KEY, force_destroy: false });
  expect(stack.one(BackupPlan)).toEqual({
    name: "dev-training",
    rule: [
      {
        rule_name: "scheduled",
        target_vault_name: refTo(BackupVault, "name"),
        schedule: "cron(30 2 ? * SUN *)",
        lifecycle: { delete_after: 120, cold_storage_after: 30 },
      },
    ],
  });
  expect(stack.one(BackupSelection)).toMatchObject({
    plan_id: refTo(BackupPlan, "id"),
    iam_role_arn: refTo(IamRole, "arn"),
    resources: [refTo(DynamodbTable, "arn")],
  });
  expect(stack.one(IamRolePolicyAttachment).policy_arn).toBe(
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
  );
  expect(build().all(BackupVault)).toEqual([]);
});
rejects(
  "test/table",
  [
    [
      "capacity.scaling.maxReadUnits",
      { capacity: { ...SCALING, scaling: { maxReadUnits: 4, maxWriteUnits: 2 } } },
      "at least readUnits (5), got 4",
    ],
    [
      "capacity.scaling.maxWriteUnits",
      { capacity: { ...SCALING, scaling: { maxReadUnits: 5, maxWriteUnits: 1 } } },
      "at least writeUnits (2), got 1",
    ],
    ...[19, 91].map(
      (targetPercent) =>
        [
          "capacity.scaling.targetPercent",
          { capacity: { ...SCALING, scaling: { maxReadUnits: 5, maxWriteUnits: 2, targetPercent } } },
          `got ${targetPercent}`,
        ] as const,
    ),
    ["backup.retentionDays", { backup: { retentionDays: 0 } }, "at least 1", "got 0"],
    [
      "backup.retentionDays",
      { backup: { retentionDays: 119, coldStorageDays: 30 } },
      "at least 90 days more than coldStorageDays (30), got 119",
    ],
    ["backup.coldStorageDays", { backup: { retentionDays: 100, coldStorageDays: 0 } }, "at least 1"],
    ["backup.schedule", { backup: { schedule: "* 5 * * *" } }, "must give the minute"],
    ["backup.kmsKeyArn", { backup: { kmsKeyArn: "alias/a" } }, "ARN of a KMS key"],
  ] as BadInput<Partial<SingleTableProps>>[],
  (scope, props) => new SingleTable(scope, "table", { name: "dev-training", ...props }),
);
