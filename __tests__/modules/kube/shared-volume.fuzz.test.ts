import fc from "fast-check";
import { SharedVolume, type SharedVolumeProps } from "../../../modules/kube/shared-volume";
import { broken, fuzz } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const valid: fc.Arbitrary<SharedVolumeProps> = fc.record(
  {
    name: label,
    namespace: label,
    source: fc.oneof(
      fc.constant({ kind: "efs" as const, files: { fileSystemId: "fs-1", accessPointId: "fsap-1" } }),
      fc.constant({
        kind: "fsx-lustre" as const,
        files: { fileSystemId: "fs-1", dnsName: "a.example", mountName: "m" },
      }),
      fc.record(
        {
          kind: fc.constant("s3" as const),
          bucket: fc.stringMatching(/^[a-z0-9]{3,63}$/),
          region: fc.constantFrom("us-west-2", "eu-central-1"),
          prefix: fc.stringMatching(/^[\w.=-][\w.=/-]{0,40}\/$/),
          userId: fc.integer({ min: 0, max: 65535 }),
        },
        { requiredKeys: ["kind", "bucket", "region"] },
      ),
    ),
    readOnly: fc.boolean(),
    size: fc.constantFrom("1Gi", "5Ti"),
  },
  { requiredKeys: ["name", "namespace", "source"] },
);
const BREAKS: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ["name", ["", "A", "a.b", "a".repeat(64), null]],
  ["namespace", ["", "A", null]],
  ["source", ["s3", null, 7]],
  ["source.kind", ["nfs", null]],
  ["readOnly", ["yes", null]],
  ["size", ["1T", "0Gi", 5, null]],
  ["volume", ["x"]],
];
const breaks = BREAKS.flatMap(([path, values]) => values.map((value) => [path, value] as const));
const invalid = fc
  .tuple(valid, fc.constantFrom(...breaks))
  .map(([props, [path, value]]) => broken<SharedVolumeProps>(props, path, value));

fuzz(
  "test/volume",
  { valid, invalid },
  inCluster((stack, props) => new SharedVolume(stack, "volume", props)),
);
