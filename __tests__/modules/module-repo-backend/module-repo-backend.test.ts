import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketAcl } from "@cdktf/provider-aws/lib/s3-bucket-acl";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformOutput, type TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  ModuleRepoBackend,
  type ModuleRepoBackendProps,
  type ModuleRepoBackendSettings,
} from "../../../modules/module-repo-backend/module-repo-backend";
import { errorOf, rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";

const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const given: ModuleRepoBackendProps = {
  exadeployId: "demo",
  network: { vpcId: "vpc-1", databaseSubnetGroupName: "db" },
  cluster: { clusterName: "demo", nodeSecurityGroupId: "sg-nodes" },
};
const build = (props: Partial<ModuleRepoBackendProps> = {}) =>
  synth((stack) => new ModuleRepoBackend(stack, "repo", { ...given, ...props }));

describe("bucket", () => {
  it("is versioned, encrypted, closed, owned by the account and reached by TLS only, without an ACL", () => {
    const { one, all } = build();
    expect(one(S3BucketVersioningA).versioning_configuration).toEqual({ status: "Enabled" });
    expect(one(S3BucketServerSideEncryptionConfigurationA).rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
    expect(one(S3BucketPublicAccessBlock)).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(one(S3BucketOwnershipControls).rule).toEqual({ object_ownership: "BucketOwnerEnforced" });
    expect(all(S3BucketAcl)).toEqual([]);
    expect(JSON.parse(one(S3BucketPolicy).policy).Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ]);
  });
  it("is encrypted with the key given, by a bucket key", () => {
    expect(build({ kmsKeyArn }).one(S3BucketServerSideEncryptionConfigurationA).rule).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: kmsKeyArn },
        bucket_key_enabled: true,
      },
    ]);
  });
  it("goes with objects in it only where that is asked", () => {
    expect(build().one(S3Bucket).force_destroy).toBe(false);
    expect(build({ s3ForceDestroy: true }).one(S3Bucket).force_destroy).toBe(true);
  });
  it("begins with module-repo and the id, cut to the provider's 37 characters with a hash", () => {
    const prefix = (exadeployId: string): string => build({ exadeployId }).one(S3Bucket).bucket_prefix;
    expect(prefix("demo")).toBe("module-repo-demo-");
    expect(prefix("x".repeat(24))).toBe(`module-repo-${"x".repeat(24)}-`);
    const [long, other] = [prefix("x".repeat(25)), prefix("x".repeat(42))];
    expect(long).toMatch(/^module-repo-x{15}-[0-9a-f]{8}-$/);
    expect(long).toHaveLength(37);
    expect(other).toHaveLength(37);
    expect(other).not.toBe(long);
  });
});

it("exposes its resources by reference", () => {
  const fields = (stack: TerraformStack, props: Partial<ModuleRepoBackendSettings> = {}) => {
    const { credentials, ...backend } = new ModuleRepoBackend(stack, "repo", { ...given, ...props });
    const values = Object.entries({ ...backend, ...credentials }).filter(
      ([, value]) => typeof value === "string" || typeof value === "number",
    );
    for (const [name, value] of values) new TerraformOutput(stack, name, { value, staticId: true });
  };
  const shared = {
    rdsAddress: { value: refTo(DbInstance, "address") },
    rdsPort: { value: refTo(DbInstance, "port") },
    rdsUsername: { value: refTo(DbInstance, "username") },
    rdsDatabase: { value: refTo(DbInstance, "db_name") },
    masterUserSecretArn: { value: refTo(DbInstance, "master_user_secret[0].secret_arn") },
    databaseSecurityGroupId: { value: refTo(SecurityGroup, "id") },
    s3BucketId: { value: refTo(S3Bucket, "id") },
    s3BucketArn: { value: refTo(S3Bucket, "arn") },
    s3Region: { value: refTo(S3Bucket, "region") },
  };
  expect(synth((stack) => fields(stack)).outputs).toEqual({
    ...shared,
    kind: { value: "pod-identity" },
    roleArn: { value: refTo(IamRole, "arn") },
  });
  expect(synth((stack) => fields(stack, { credentials: "static-key" })).outputs).toEqual({
    ...shared,
    kind: { value: "static-key" },
    accessKeyId: { value: expect.stringMatching(/^\$\{aws_iam_access_key\.\w+\.id\}$/) },
    secretAccessKey: { value: expect.stringMatching(/^\$\{aws_iam_access_key\.\w+\.secret\}$/) },
  });
});

it("holds no password, by whatever name, and no resource that would make one", () => {
  const { parsed, one } = build({ credentials: "static-key" });
  expect(Object.keys(parsed.resource).filter((type) => type.startsWith("random_"))).toEqual([]);
  expect(Object.keys(one(DbInstance)).filter((key) => /password/.test(key))).toEqual(["manage_master_user_password"]);
});

it("takes a network and a cluster that exist already, with more fields than it reads", () => {
  const network = { ...given.network, name: "theirs" };
  expect(build({ network, cluster: { ...given.cluster, version: "1.35" } } as Json).one(SecurityGroup).vpc_id).toBe(
    "vpc-1",
  );
});

it("shares no name with the backend of another ExaDeploy", () => {
  const { parsed } = synth((stack) => {
    const backend = (exadeployId: string, credentials: ModuleRepoBackendProps["credentials"]) =>
      new ModuleRepoBackend(stack, exadeployId, { ...given, exadeployId, credentials });
    for (const key of ["one", "two"]) backend(key, "pod-identity");
    for (const key of ["three", "four"]) backend(key, "static-key");
  });
  const unique = ["name", "name_prefix", "identifier", "final_snapshot_identifier", "bucket_prefix"];
  const names = Object.entries(parsed.resource as Record<string, Record<string, Json>>)
    .filter(([type]) => type !== "aws_iam_role_policy") // named within its role
    .flatMap(([type, byId]) =>
      Object.values(byId).flatMap((resource) =>
        unique.filter((key) => key in resource).map((key) => [type, resource[key]]),
      ),
    )
    .map((pair) => pair.join(" "));
  expect(names).toHaveLength(4 * 8); // bucket, instance, snapshot, security group, parameters, two logs, role or user
  expect(new Set(names).size).toBe(names.length);
});

it.each(["a", "a-b-c", "a1-2b", "x".repeat(42)])("accepts the id %s", (exadeployId) => {
  const { one } = build({ exadeployId, postgresVersion: "14" });
  expect(one(DbInstance).identifier).toBe(`${exadeployId}-rds`);
  expect(one(DbParameterGroup).name_prefix).toBe(`${exadeployId}-rds-`);
  expect(build({ exadeployId, credentials: "static-key" }).one(IamUser).name).toBe(`${exadeployId}-user`);
});

rejects<unknown>(
  "test/repo",
  [
    ["exadeployId", { exadeployId: undefined }, "is required"],
    ["exadeployId", { exadeployId: "" }, "a letter first"],
    ["exadeployId", { exadeployId: "x".repeat(43) }, "at most 42 characters", "got 43"],
    ["exadeployId", { exadeployId: "1abc" }, "a letter first", '"1abc"'],
    ["exadeployId", { exadeployId: "a--b" }, "single hyphens", '"a--b"'],
    ["exadeployId", { exadeployId: "a-" }, "no hyphen last", '"a-"'],
    ["exadeployId", { exadeployId: "A" }, "lower-case", '"A"'],
    ["exadeployId", { exadeployId: "a_b" }, "lower-case", '"a_b"'],
    ["network", { network: undefined }, "a Network", "vpcId, databaseSubnetGroupName"],
    ["network", { network: { vpcId: "vpc-1" } }, "databaseSubnetGroupName"],
    ["network", { network: "vpc-1" }, "a Network", '"vpc-1"'],
    ["cluster", { cluster: null }, "a Cluster", "got null"],
    ["cluster", { cluster: { clusterName: "demo" } }, "nodeSecurityGroupId"],
    ["kmsKeyArn", { kmsKeyArn: "alias/aws/rds" }, "ARN of a KMS key", '"alias/aws/rds"'],
    ["s3ForceDestroy", { s3ForceDestroy: "true" }, "boolean", '"true"'],
    ["forceDestroy", { forceDestroy: true }, "unknown key; did you mean s3ForceDestroy?"],
  ],
  (stack, props) => new ModuleRepoBackend(stack, "repo", { ...given, ...(props as object) }),
);
it("names every fault in one error", () => {
  const wrong = { exadeployId: "A", dbPort: 80, credentials: "none", namespace: "A" } as Json;
  const { message } = errorOf(() => build(wrong));
  for (const key of Object.keys(wrong)) expect(message).toContain(`${key}: `);
});
