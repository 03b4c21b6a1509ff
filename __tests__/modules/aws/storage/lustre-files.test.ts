import { FsxDataRepositoryAssociation } from "@cdktf/provider-aws/lib/fsx-data-repository-association";
import { FsxLustreFileSystem } from "@cdktf/provider-aws/lib/fsx-lustre-file-system";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { LustreFiles, type LustreFilesProps } from "../../../../modules/aws/storage/lustre-files";
import { type BadInput, rejects } from "../../../support/bad-input";
import { keeps } from "../../../support/lasting";
import { refTo, synth } from "../../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const MINIMAL: LustreFilesProps = {
  name: "ml-dev",
  vpcId: "vpc-1",
  subnetId: "subnet-a",
  clientSecurityGroupIds: { nodes: "sg-1" },
};
const build = (props: Partial<LustreFilesProps> = {}) =>
  synth((stack) => new LustreFiles(stack, "files", { ...MINIMAL, ...props }));
const files = (props: Partial<LustreFilesProps> = {}) => build(props).one(FsxLustreFileSystem);

const LASTING = keeps("subnetId", "durability", "kmsKeyArn");

describe("the file system", () => {
  it("is persistent, on SSD, compressed, of a Lustre that today's kernels mount", () => {
    expect(files()).toEqual({
      deployment_type: "PERSISTENT_2",
      per_unit_storage_throughput: 250,
      storage_capacity: 1200,
      storage_type: "SSD",
      data_compression_type: "LZ4",
      file_system_type_version: "2.15",
      subnet_ids: ["subnet-a"],
      security_group_ids: [refTo(SecurityGroup, "id")],
      tags: { Name: "ml-dev" },
      lifecycle: LASTING,
    });
  });
  it("is scratch where asked, whose throughput is AWS's", () => {
    const scratch = files({ durability: "scratch" });
    expect(scratch.deployment_type).toBe("SCRATCH_2");
    expect(scratch).not.toHaveProperty("per_unit_storage_throughput");
  });
  it("takes a key, tags, protection, and no compression", () => {
    const made = files({ kmsKeyArn: KEY, tags: { Team: "ml" }, preventDestroy: true, compression: false });
    expect(made).toMatchObject({ kms_key_id: KEY, tags: { Name: "ml-dev", Team: "ml" } });
    expect(made.lifecycle).toEqual({ ...LASTING, prevent_destroy: true });
    expect(made).not.toHaveProperty("data_compression_type");
  });
  it.each([1200, 2400, 4800, 240_000])("holds %i GiB", (storageGib) => {
    expect(files({ storageGib }).storage_capacity).toBe(storageGib);
  });
  it.each([125, 250, 500, 1000] as const)("has %i MB/s for each TiB", (throughputPerTib) => {
    expect(files({ throughputPerTib }).per_unit_storage_throughput).toBe(throughputPerTib);
  });
});

describe("buckets", () => {
  const links = (buckets: NonNullable<LustreFilesProps["buckets"]>) =>
    build({ buckets }).all(FsxDataRepositoryAssociation);
  const events = { events: ["NEW", "CHANGED", "DELETED"] };
  it("are none by default", () => expect(links({})).toEqual([]));
  it("are folders that follow the bucket", () => {
    expect(links({ datasets: { bucketName: "data" } })).toEqual([
      {
        file_system_id: refTo(FsxLustreFileSystem, "id"),
        file_system_path: "/datasets",
        data_repository_path: "s3://data",
        batch_import_meta_data_on_create: true,
        s3: { auto_import_policy: events },
        lifecycle: { replace_triggered_by: [expect.stringMatching(/^terraform_data\..*policies-datasets/)] },
      },
    ]);
  });
  it("are written to where asked, below a prefix", () => {
    const [link] = links({ models: { bucketName: "data", prefix: "team/models", import: false, export: true } });
    expect(link.data_repository_path).toBe("s3://data/team/models/");
    expect(link.s3).toEqual({ auto_export_policy: events });
  });
  it("can be read once and left alone", () => {
    expect(links({ once: { bucketName: "data", import: false } })[0]).not.toHaveProperty("s3");
  });
  it("are eight at most, in whatever order", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const of = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, { bucketName: "data" }]));
    expect(links(of(names))).toHaveLength(8);
    expect(build({ buckets: of(names) }).json).toBe(build({ buckets: of([...names].reverse()) }).json);
  });
});

it("is open to the clients and between its servers on Lustre's ports, and to nothing else", () => {
  const { all, one } = build({ clientSecurityGroupIds: { nodes: "sg-1", box: "sg-2" } });
  const own = refTo(SecurityGroup, "id");
  const rules = all(VpcSecurityGroupIngressRule).map((rule) => [
    rule.referenced_security_group_id,
    rule.from_port,
    rule.to_port,
  ]);
  expect(rules.sort()).toEqual(
    ["sg-1", "sg-2", own]
      .flatMap((caller) => [
        [caller, 1018, 1023],
        [caller, 988, 988],
      ])
      .map((rule) => rule.map((value) => (value === own ? expect.stringMatching(/security_group/) : value)))
      .sort(),
  );
  for (const rule of [...all(VpcSecurityGroupIngressRule), ...all(VpcSecurityGroupEgressRule)]) {
    expect(rule).toMatchObject({ security_group_id: own, ip_protocol: "tcp" });
    expect(rule).not.toHaveProperty("cidr_ipv4");
  }
  expect(
    all(VpcSecurityGroupEgressRule)
      .map((rule) => rule.from_port)
      .sort(),
  ).toEqual([1018, 988]);
  expect(one(SecurityGroup)).toMatchObject({ name_prefix: "lustre-ml-dev-", vpc_id: "vpc-1" });
});

it("tells what clients need by reference", () => {
  const { outputs } = synth((stack) => {
    const { fileSystemId, fileSystemArn, dnsName, mountName, securityGroupId, ready } = new LustreFiles(
      stack,
      "files",
      MINIMAL,
    );
    expect(ready).toHaveLength(7);
    for (const [name, value] of Object.entries({ fileSystemId, fileSystemArn, dnsName, mountName, securityGroupId })) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
  });
  expect(outputs).toEqual({
    fileSystemId: { value: refTo(FsxLustreFileSystem, "id") },
    fileSystemArn: { value: refTo(FsxLustreFileSystem, "arn") },
    dnsName: { value: refTo(FsxLustreFileSystem, "dns_name") },
    mountName: { value: refTo(FsxLustreFileSystem, "mount_name") },
    securityGroupId: { value: refTo(SecurityGroup, "id") },
  });
});

const scratch = { durability: "scratch" } as const;
const many = Object.fromEntries([..."abcdefghi"].map((key) => [key, { bucketName: "data" }]));
const rows: BadInput<Partial<LustreFilesProps>>[] = [
  ["name", { name: "" }, "letters, digits"],
  ["name", { name: "x".repeat(101) }, "at most 100"],
  ["vpcId", { vpcId: "" }, "at least 1"],
  ["subnetId", { subnetId: "" }, "at least 1"],
  ["clientSecurityGroupIds", { clientSecurityGroupIds: {} }, "at least one group"],
  ["clientSecurityGroupIds.N", { clientSecurityGroupIds: { N: "sg-1" } }, "lower-case"],
  ["storageGib", { storageGib: 1199 }, "at least 1200"],
  ["storageGib", { storageGib: 3600 }, "1200 or a multiple of 2400"],
  ["durability", { durability: "backup" as "scratch" }, "persistent, scratch"],
  ["throughputPerTib", { throughputPerTib: 200 as 250 }, "125, 250, 500, 1000"],
  ["throughputPerTib", { ...scratch, throughputPerTib: 250 }, "durability is scratch", "got 250"],
  ["kmsKeyArn", { kmsKeyArn: "alias/a" }, "ARN"],
  ["kmsKeyArn", { ...scratch, kmsKeyArn: KEY }, "durability is scratch"],
  ["buckets", { ...scratch, buckets: { a: { bucketName: "data" } } }, "durability is scratch", "got a"],
  ["buckets", { buckets: many }, "at most 8"],
  ["buckets.a/b", { buckets: { "a/b": { bucketName: "data" } } }, "name of a folder"],
  ["buckets.a.prefix", { buckets: { a: { bucketName: "data", prefix: "/x" } } }, "without leading or trailing slash"],
  ["buckets.a.prefix", { buckets: { a: { bucketName: "data", prefix: "x/" } } }, "without leading or trailing slash"],
  ["compression", { compression: "LZ4" as unknown as boolean }, "compression"],
];
rejects("test/files", rows, (scope, props) => new LustreFiles(scope, "files", { ...MINIMAL, ...props }));
