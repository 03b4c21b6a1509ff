import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { Gp3StorageClass, type Gp3StorageClassProps } from "../../../modules/kube/gp3-storage-class";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";
const make = inCluster((stack, props: Gp3StorageClassProps = {}) => new Gp3StorageClass(stack, "gp3", props));
const build = (props: Gp3StorageClassProps = {}) => synth((stack) => make(stack, props)).one(StorageClassV1);

it("is the default, encrypted, and makes disks where the pod is", () => {
  expect(build()).toEqual({
    metadata: { name: "gp3", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    storage_provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true", "csi.storage.k8s.io/fstype": "ext4" },
    volume_binding_mode: "WaitForFirstConsumer",
    allow_volume_expansion: true,
    reclaim_policy: "Delete",
  });
});
it("is faster, of another key, and kept, where asked", () => {
  const late = Token.asString({ resolve: () => KEY });
  const { metadata, parameters, reclaim_policy } = build({
    name: "fast",
    isDefault: false,
    kmsKeyArn: late,
    iops: 16_000,
    throughput: 1000,
    reclaimPolicy: "Retain",
  });
  expect(metadata).toEqual({ name: "fast" });
  expect(parameters).toMatchObject({ encrypted: "true", kmsKeyId: KEY, iops: "16000", throughput: "1000" });
  expect(reclaim_policy).toBe("Retain");
});
it("has the role that creates its volumes granted the key, before claims are made", () => {
  const volumeRoleArn = "arn:aws:iam::111122223333:role/driver";
  const { one, all } = synth((stack) => make(stack, { kmsKeyArn: KEY, volumeRoleArn }));
  expect(one(KmsGrant)).toMatchObject({ key_id: KEY, grantee_principal: volumeRoleArn });
  expect(one(StorageClassV1).depends_on).toEqual([expect.stringMatching(/^aws_kms_grant\./)]);
  expect(all(KmsGrant)).toHaveLength(1);
  for (const props of [{ kmsKeyArn: KEY }, { volumeRoleArn }]) {
    expect(synth((stack) => make(stack, props)).all(KmsGrant)).toEqual([]);
  }
});
it("is of Auto Mode's driver, with tags on each volume, where asked", () => {
  const { storage_provisioner, parameters } = build({
    provisioner: "ebs.csi.eks.amazonaws.com",
    tags: { Team: "ml", Cost: "a=b" },
  });
  expect(storage_provisioner).toBe("ebs.csi.eks.amazonaws.com");
  expect(parameters).toMatchObject({ tagSpecification_1: "Cost=a=b", tagSpecification_2: "Team=ml" });
});
it("exposes its name and what to wait for", () => {
  let made: Gp3StorageClass | undefined;
  synth((stack) => {
    made = make(stack, { name: "a" });
  });
  expect(made?.storageClassName).toBe("a");
  expect(made?.ready).toHaveLength(1);
});
it.each<Gp3StorageClassProps>([
  { iops: 3000 },
  { iops: 80_000, throughput: 2000 },
  { throughput: 125 },
  { throughput: 750 },
])("takes %j", (props) => {
  expect(build(props)).toBeDefined();
});
rejects<object>(
  "test/gp3",
  [
    ["name", { name: "GP3" }, "lower-case"],
    ["name", { name: "a".repeat(254) }, "at most 253"],
    ["isDefault", { isDefault: "true" }, "boolean"],
    ["kmsKeyArn", { kmsKeyArn: "alias/own" }, "ARN of a KMS key"],
    ["volumeRoleArn", { volumeRoleArn: "driver" }, "ARN of an IAM role"],
    ["provisioner", { provisioner: "kubernetes.io/aws-ebs" }, "ebs.csi.aws.com, ebs.csi.eks.amazonaws.com"],
    ["tags.a", { tags: { a: "x,y" } }, "letters, digits"],
    ["iops", { iops: 2999 }, "at least 3000"],
    ["iops", { iops: 80_001 }, "at most 80000"],
    ["iops", { iops: "3000" }, "number"],
    ["throughput", { throughput: 124 }, "at least 125"],
    ["throughput", { iops: 80_000, throughput: 2001 }, "at most 2000"],
    ["throughput", { throughput: 751 }, "a quarter of iops (750)", "set iops to 3004"],
    ["throughput", { iops: 4000, throughput: 1001 }, "(1000)"],
    ["reclaimPolicy", { reclaimPolicy: "Recycle" }, "Delete, Retain"],
    ["dependsOn[0]", { dependsOn: ["x"] }],
    ["encrypted", { encrypted: false }, "unknown key"],
    ["type", { type: "gp2" }, "unknown key"],
  ],
  make,
);
