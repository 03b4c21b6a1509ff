import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { TerraformStack, Testing } from "cdktf";
import { describe, expect, it } from "vitest";
import { errorOf, rejects } from "../../support/bad-input";
import { type Json, refTo } from "../../support/synth";
import { build, Data, type DataSettings, replicaProvider } from "./data.fixture";

const region = "us-west-2";
const replicated = (settings: DataSettings = {}) => build({ replication: { region }, ...settings });
/** Resources of a type that the replication made, by their id. */
const made = (type: Parameters<ReturnType<typeof build>["byId"]>[0], settings: DataSettings = {}): [string, Json][] =>
  Object.entries(replicated(settings).byId(type)).filter(([id]) => id.startsWith("data_replication_"));
const replicationRule = (settings: DataSettings = {}): Json => {
  const configurations = replicated(settings).all(S3BucketReplicationConfigurationA);
  expect(configurations).toHaveLength(2);
  const [first, second] = configurations.map(({ rule: [{ destination, ...rule }, ...others] }) => {
    expect(others).toEqual([]);
    const { bucket, ...rest } = destination;
    return { ...rule, destination: rest };
  });
  expect(first).toEqual(second);
  return first;
};

it("leaves no trace by default", () => {
  expect(build().json).not.toMatch(/replica|copy|us-west-2/);
});

describe("the copies", () => {
  it("are two buckets, made as a whole by the provider of the other region", () => {
    expect(made(S3Bucket).map(([, bucket]) => bucket)).toEqual([
      {
        bucket_prefix: "ml-dev-datasets-copy-",
        force_destroy: false,
        provider: "aws.replica",
        tags: { Purpose: "copy of datasets" },
      },
      {
        bucket_prefix: "ml-dev-models-copy-",
        force_destroy: false,
        provider: "aws.replica",
        tags: { Purpose: "copy of models" },
      },
    ]);
    const there = Object.entries<Json>(replicated({ s3Encryption: "aws:kms" }).parsed.resource)
      .filter(([type]) => /^aws_(s3|kms)/.test(type))
      .flatMap(([, named]) => Object.entries<Json>(named))
      .filter(([id]) => /^data_replication_(datasets|models|key)_/.test(id));
    expect(there).toHaveLength(16);
    for (const [id, { provider }] of there) expect(provider, id).toBe("aws.replica");
  });
  it("keep versions, as replication demands", () => {
    expect(made(S3BucketVersioningA).map(([, { versioning_configuration }]) => versioning_configuration)).toEqual([
      { status: "Enabled" },
      { status: "Enabled" },
    ]);
  });
  it("are deleted with what is in them only where asked", () => {
    for (const [, bucket] of made(S3Bucket, { s3ForceDestroy: true })) expect(bucket.force_destroy).toBe(true);
  });
  it("do not move, but forget datasets when the datasets are forgotten", () => {
    const ids = (settings: DataSettings = {}) =>
      made(S3BucketLifecycleConfiguration, settings).map(([, { rule }]) => rule.map((one: Json) => one.id));
    expect(ids()).toEqual(Array(2).fill(["abort-multipart", "noncurrent"]));
    expect(ids({ s3ExpireDays: 400 })).toEqual([
      ["abort-multipart", "noncurrent", "expiration"],
      ["abort-multipart", "noncurrent"],
    ]);
    const [, datasets] = made(S3BucketLifecycleConfiguration, { s3ExpireDays: 400 })[0] as [string, Json];
    expect(datasets.rule[2].expiration).toEqual([{ days: 400 }]);
  });
  it("keep the provider's limit of 37 characters for a project's name of any length", () => {
    for (const [, { bucket_prefix }] of made(S3Bucket, { projectName: "p".repeat(33) })) {
      expect(bucket_prefix).toMatch(/^p+-[0-9a-f]{8}-(datasets|models)-copy-$/);
      expect(bucket_prefix.length).toBe(37);
    }
  });
});

describe("the rule", () => {
  it("copies everything but deletions, in the class of the object", () => {
    expect(replicationRule()).toEqual({
      id: "everything",
      status: "Enabled",
      priority: 0,
      filter: { prefix: "" },
      delete_marker_replication: { status: "Disabled" },
      destination: {},
    });
  });
  it("copies deletions, and into another class, where asked", () => {
    const rule = replicationRule({ replication: { region, deleteMarkers: true, storageClass: "GLACIER_IR" } });
    expect(rule.delete_marker_replication).toEqual({ status: "Enabled" });
    expect(rule.destination).toEqual({ storage_class: "GLACIER_IR" });
  });
  it("goes from each bucket to its copy, when both are ready and the role has its policy", () => {
    for (const noun of ["datasets", "models"]) {
      const [[, found]] = made(S3BucketReplicationConfigurationA).filter(([id]) => id.includes(noun)) as [
        [string, Json],
      ];
      expect(found.bucket).toMatch(new RegExp(`^\\$\\{aws_s3_bucket\\.data_storage_${noun}_bucket_\\w+\\.id\\}$`));
      expect(found.rule[0].destination.bucket).toMatch(
        new RegExp(`^\\$\\{aws_s3_bucket\\.data_replication_${noun}_bucket_\\w+\\.arn\\}$`),
      );
      expect(found.role).toEqual(refTo(IamRole, "arn"));
      expect(found.depends_on).toEqual(
        expect.arrayContaining([
          expect.stringMatching(`^aws_s3_bucket_versioning\\.data_storage_${noun}_`),
          expect.stringMatching(`^aws_s3_bucket_versioning\\.data_replication_${noun}_`),
          expect.stringMatching(/^aws_iam_role_policy\.data_replication_role_/),
        ]),
      );
      expect(found).not.toHaveProperty("provider");
    }
  });
});

describe("the role", () => {
  const role = (settings: DataSettings = {}) => {
    const [[, trusted]] = made(IamRole, settings) as [[string, Json]];
    const [[, own]] = made(IamRolePolicy, settings) as [[string, Json]];
    return { ...trusted, statements: JSON.parse(own.policy).Statement };
  };
  const arn = (part: string, noun: string, end = "") =>
    expect.stringMatching(`^\\$\\{aws_s3_bucket\\.data_${part}_${noun}_bucket_\\w+\\.arn\\}${end}$`);

  it("is taken on by S3, to read here and to write there", () => {
    const { name_prefix, assume_role_policy, statements } = role();
    expect(name_prefix).toBe("ml-dev-replication-");
    expect(JSON.parse(assume_role_policy).Statement).toEqual([
      { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ]);
    expect(statements).toEqual(
      ["datasets", "models"].flatMap((noun) => [
        {
          Effect: "Allow",
          Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
          Resource: arn("storage", noun),
        },
        {
          Effect: "Allow",
          Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
          Resource: arn("storage", noun, "/\\*"),
        },
        {
          Effect: "Allow",
          Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
          Resource: arn("replication", noun, "/\\*"),
        },
      ]),
    );
  });
  it("uses the keys of both regions, by S3 and for these buckets only, where there are any", () => {
    const keyOf = (part: string) => expect.stringMatching(`^\\$\\{aws_kms_key\\.data_${part}_key_\\w+\\.arn\\}$`);
    const condition = (part: string) => ({
      StringLike: {
        "kms:ViaService": ["datasets", "models"].map((noun) =>
          expect.stringMatching(
            `^s3\\.\\$\\{aws_s3_bucket\\.data_${part}_${noun}_bucket_\\w+\\.region\\}\\.amazonaws\\.com$`,
          ),
        ),
        "kms:EncryptionContext:aws:s3:arn": ["datasets", "models"].map((noun) => arn(part, noun)),
      },
    });
    expect(role({ s3Encryption: "aws:kms" }).statements.slice(6)).toEqual([
      { Effect: "Allow", Action: "kms:Decrypt", Resource: keyOf("storage"), Condition: condition("storage") },
      { Effect: "Allow", Action: "kms:Encrypt", Resource: keyOf("replication"), Condition: condition("replication") },
    ]);
  });
});

it("encrypts the copies by a key of their region where the buckets have one", () => {
  const [[, key]] = made(KmsKey, { s3Encryption: "aws:kms" }) as [[string, Json]];
  expect(key).toMatchObject({ provider: "aws.replica", enable_key_rotation: true });
  expect(made(KmsAlias, { s3Encryption: "aws:kms" })[0]?.[1].name).toBe("alias/ml-dev-data-copy");
  const defaults = made(S3BucketServerSideEncryptionConfigurationA, { s3Encryption: "aws:kms" });
  expect(defaults.map(([, { rule }]) => rule[0].apply_server_side_encryption_by_default)).toEqual(
    Array(2).fill({
      sse_algorithm: "aws:kms",
      kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\.data_replication_key_\w+\.arn\}$/),
    }),
  );
  const rule = replicationRule({ s3Encryption: "aws:kms" });
  expect(rule.source_selection_criteria).toEqual({ sse_kms_encrypted_objects: { status: "Enabled" } });
  expect(rule.destination).toEqual({
    encryption_configuration: {
      replica_kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\.data_replication_key_\w+\.arn\}$/),
    },
  });
  expect(made(KmsKey)).toEqual([]);
});

rejects<DataSettings>(
  "test/data",
  [
    [
      "s3Versioning",
      { replication: { region }, s3Versioning: false },
      "must be true where replication is set",
      "false",
    ],
    ["replication.region", { replication: {} as never }, "is required"],
    ["replication.region", { replication: { region: "west" } }, "must be an AWS region", '"west"'],
    ["replication.storageClass", { replication: { region, storageClass: "COLD" as never } }, "GLACIER_IR", '"COLD"'],
    ["replication.deleteMarkers", { replication: { region, deleteMarkers: "yes" as never } }, "boolean", '"yes"'],
    ["replication.regions", { replication: { region, regions: [] } as never }, "did you mean region?"],
    ["replication", { replication: true as never }, "got true"],
    ["replicaProvider", { replication: { region: "eu-west-1" } }, "replication.region (eu-west-1)", "in us-west-2"],
  ],
  (stack, settings) => new Data(stack, "data", { replicaProvider: replicaProvider(stack), ...settings }),
);
rejects<DataSettings>(
  "test/data",
  [
    ["replicaProvider", { replication: { region } }, "is required where replication is set", "got nothing"],
    ["replicaProvider", { replication: { region }, replicaProvider: {} as never }, "must be an AwsProvider"],
    ["replicaProvider", { replicaProvider: "aws.replica" as never }, "must be an AwsProvider", '"aws.replica"'],
  ],
  (stack, settings) => new Data(stack, "data", settings),
);
rejects<DataSettings>(
  "test/data",
  [["replicaProvider", {}, "must be left out without replication"]],
  (stack) => new Data(stack, "data", { replicaProvider: replicaProvider(stack) }),
);
rejects<DataSettings>(
  "test/data",
  [["replication.region", { replication: { region: "us-east-1" } }, "the stack's own region", "got us-east-1"]],
  (stack, settings) => new Data(stack, "data", { replicaProvider: replicaProvider(stack, "us-east-1"), ...settings }),
);
it("refuses a provider without an alias, which is the stack's own", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const own = new AwsProvider(stack, "aws", { region });
  const error = errorOf(() => new Data(stack, "data", { replication: { region }, replicaProvider: own }));
  expect(error.message).toMatch(/^test\/data: replicaProvider: must be an AwsProvider with an alias/);
});
