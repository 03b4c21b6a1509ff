import fc from "fast-check";
import { Gp3StorageClass, type Gp3StorageClassProps } from "../../../modules/kube/gp3-storage-class";
import { broken, fuzz } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const valid: fc.Arbitrary<Gp3StorageClassProps> = fc.record(
  {
    name: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/),
    isDefault: fc.boolean(),
    kmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:eu-west-1:111122223333:key/${id}`),
    volumeRoleArn: fc.constant("arn:aws:iam::111122223333:role/driver"),
    provisioner: fc.constantFrom("ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com"),
    tags: fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,10}$/), fc.stringMatching(/^[\w.:/=+@ -]{0,20}$/), {
      maxKeys: 5,
    }),
    iops: fc.integer({ min: 8000, max: 80_000 }),
    throughput: fc.integer({ min: 125, max: 750 }),
    reclaimPolicy: fc.constantFrom("Delete", "Retain"),
  },
  { requiredKeys: [] },
);
const BREAKS: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ["name", ["", "A", "a_b", 7, null]],
  ["isDefault", ["yes", 1, null]],
  ["kmsKeyArn", ["", "alias/a", null]],
  ["volumeRoleArn", ["", "driver", null]],
  ["provisioner", ["", "gp3", null]],
  ["tags", ["a=b", 5, null]],
  ["iops", [2999, 80_001, 3000.5, "3000", null]],
  ["throughput", [124, 2001, "125", null]],
  ["reclaimPolicy", ["", "Recycle", null]],
  ["size", ["1Gi"]],
];
const breaks = BREAKS.flatMap(([path, values]) => values.map((value) => [path, value] as const));
const invalid = fc
  .tuple(valid, fc.constantFrom(...breaks))
  .map(([props, [path, value]]) => broken<Gp3StorageClassProps>(props, path, value));

fuzz(
  "test/gp3",
  { valid, invalid },
  inCluster((stack, props) => new Gp3StorageClass(stack, "gp3", props)),
);
