import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import { PersistentVolumeV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-v1";
import { TerraformResource, Token } from "cdktf";
import { expect, it } from "vitest";
import { SharedVolume, type SharedVolumeProps } from "../../../modules/kube/shared-volume";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";

const S3 = { kind: "s3" as const, bucket: "datasets", region: "us-west-2" };
const EFS = { kind: "efs" as const, files: { fileSystemId: "fs-0123", accessPointId: "fsap-0123" } };
const LUSTRE = {
  kind: "fsx-lustre" as const,
  files: { fileSystemId: "fs-9", dnsName: "fs-9.example", mountName: "abcd" },
};
const make = inCluster(
  (stack, props: Partial<SharedVolumeProps> = {}) =>
    new SharedVolume(stack, "volume", { name: "data", namespace: "ml", source: S3, ...props }),
);
const build = (props: Partial<SharedVolumeProps> = {}) => synth((stack) => make(stack, props));
const spec = (props: Partial<SharedVolumeProps> = {}): Json => {
  const [only, ...others] = build(props).one(PersistentVolumeV1).spec;
  expect(others).toEqual([]);
  return only;
};

it("is a volume that stays, and the one claim that gets it, of a class that is no default", () => {
  const { one } = build();
  expect(one(PersistentVolumeV1).metadata).toEqual({ name: "ml-data" });
  expect(spec()).toMatchObject({
    capacity: { storage: "1Ti" },
    access_modes: ["ReadWriteMany"],
    persistent_volume_reclaim_policy: "Retain",
    storage_class_name: "ml-data",
    claim_ref: { namespace: "ml", name: "data" },
  });
  expect(one(PersistentVolumeClaimV1)).toEqual({
    metadata: { name: "data", namespace: "ml" },
    spec: {
      access_modes: ["ReadWriteMany"],
      storage_class_name: "ml-data",
      volume_name: "ml-data",
      resources: { requests: { storage: "1Ti" } },
    },
    depends_on: [expect.stringMatching(/^kubernetes_persistent_volume_v1\./)],
  });
});
it("mounts a bucket, of which nothing is deleted unless that is allowed", () => {
  expect(spec().persistent_volume_source.csi).toEqual({
    driver: "s3.csi.aws.com",
    volume_handle: "ml-data",
    volume_attributes: { bucketName: "datasets" },
  });
  expect(spec().mount_options).toEqual(["region us-west-2"]);
  const source = { ...S3, prefix: "images/", allowDelete: true, userId: 1000 };
  expect(spec({ source }).mount_options).toEqual([
    "region us-west-2",
    "prefix images/",
    "allow-delete",
    "uid=1000",
    "gid=1000",
    "allow-other",
  ]);
});
it("mounts EFS through an access point, by IAM", () => {
  const { persistent_volume_source, mount_options } = spec({ source: EFS });
  expect(persistent_volume_source.csi).toEqual({ driver: "efs.csi.aws.com", volume_handle: "fs-0123::fsap-0123" });
  expect(mount_options).toEqual(["iam"]);
});
it("mounts FSx for Lustre with locks", () => {
  const { persistent_volume_source, mount_options } = spec({ source: LUSTRE });
  expect(persistent_volume_source.csi).toEqual({
    driver: "fsx.csi.aws.com",
    volume_handle: "fs-9",
    volume_attributes: { dnsname: "fs-9.example", mountname: "abcd" },
  });
  expect(mount_options).toEqual(["flock"]);
});
it.each([
  [S3, "read-only"],
  [EFS, "ro"],
  [LUSTRE, "ro"],
])("lets nobody write where asked: %j", (source, option) => {
  const { one } = build({ source, readOnly: true });
  expect(one(PersistentVolumeClaimV1).spec.access_modes).toEqual(["ReadOnlyMany"]);
  expect(spec({ source, readOnly: true })).toMatchObject({ access_modes: ["ReadOnlyMany"] });
  expect(spec({ source, readOnly: true }).mount_options).toContain(option);
  expect(spec({ source }).mount_options).not.toContain(option);
});
it("waits for its dependencies, accepts tokens, and exposes the claim", () => {
  let made: SharedVolume | undefined;
  const late = Token.asString({ resolve: () => "late" });
  const { one } = synth((stack) => {
    const driver = new TerraformResource(stack, "driver", { terraformResourceType: "aws_eks_addon" });
    made = make(stack, { source: { ...S3, bucket: late, region: late }, size: "5Gi", dependsOn: [driver] });
  });
  expect(one(PersistentVolumeV1).depends_on).toEqual(["aws_eks_addon.driver"]);
  expect(one(PersistentVolumeV1).spec[0].mount_options).toEqual(["region late"]);
  expect(one(PersistentVolumeClaimV1).depends_on).toHaveLength(2);
  expect(one(PersistentVolumeClaimV1).spec.resources.requests.storage).toBe("5Gi");
  expect(made?.claimName).toBe("data");
  expect(made?.ready).toHaveLength(1);
});
it.each<Partial<SharedVolumeProps>>([
  { name: "a".repeat(63), namespace: "b".repeat(63) },
  { source: { ...S3, userId: 0 } },
  { source: { ...S3, userId: 65535 } },
  { source: { ...S3, prefix: `${"a".repeat(511)}/` } },
])("takes %j", (props) => {
  expect(spec(props)).toBeDefined();
});
rejects<object>(
  "test/volume",
  [
    ["name", { name: undefined }, "is required"],
    ["name", { name: "a".repeat(64) }, "at most 63"],
    ["namespace", { namespace: "a.b" }, "lower-case"],
    ["size", { size: "1T" }, "50Gi"],
    ["readOnly", { readOnly: "yes" }, "boolean"],
    ["source", { source: undefined }],
    ["source.kind", { source: { kind: "nfs" } }, "efs, fsx-lustre, s3"],
    ["source.files", { source: { kind: "efs", files: "fs-0123" } }, "a SharedFiles"],
    ["source.files", { source: { kind: "efs", files: { fileSystemId: "fs-0123" } } }, "accessPointId"],
    ["source.files", { source: { kind: "fsx-lustre" } }, "a LustreFiles"],
    ["source.bucket", { source: { ...S3, bucket: "" } }, "at least 1"],
    ["source.region", { source: { ...S3, region: "Oregon" } }, "us-west-2"],
    ["source.prefix", { source: { ...S3, prefix: "images" } }, "end in a slash"],
    ["source.prefix", { source: { ...S3, prefix: "/images/" } }, "not begin with one"],
    ["source.prefix", { source: { ...S3, prefix: "a b/" } }, "letters"],
    ["source.prefix", { source: { ...S3, prefix: `${"a".repeat(512)}/` } }, "at most 512"],
    ["source.userId", { source: { ...S3, userId: -1 } }, "at least 0"],
    ["source.userId", { source: { ...S3, userId: 65536 } }, "at most 65535"],
    ["source.allowDelete", { readOnly: true, source: { ...S3, allowDelete: true } }, "with readOnly"],
    ["source.key", { source: { ...S3, key: "x" } }, "unknown key"],
    ["dependsOn[0]", { dependsOn: ["x"] }],
  ],
  (stack, wrong) => make(stack, wrong as Partial<SharedVolumeProps>),
);
