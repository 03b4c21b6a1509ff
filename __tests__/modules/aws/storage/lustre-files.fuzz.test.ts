import fc from "fast-check";
import { LustreFiles, type LustreFilesProps } from "../../../../modules/aws/storage/lustre-files";
import { broken, fuzz, type Wrong } from "../../../support/fuzz";

const noun = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{8,17}$/).map((hex) => `${prefix}-${hex}`);
const link = fc.record(
  {
    bucketName: fc.constantFrom("data", "models-2"),
    prefix: fc.constantFrom("a", "a/b", "team-1/x.y"),
    import: fc.boolean(),
    export: fc.boolean(),
  },
  { requiredKeys: ["bucketName"] },
);
const shared = {
  name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,99}$/),
  vpcId: id("vpc"),
  subnetId: id("subnet"),
  clientSecurityGroupIds: fc.dictionary(noun, id("sg"), { minKeys: 1, maxKeys: 4 }),
};
const optional = {
  storageGib: fc.oneof(
    fc.constant(1200),
    fc.integer({ min: 1, max: 1000 }).map((steps) => steps * 2400),
  ),
  compression: fc.boolean(),
  preventDestroy: fc.boolean(),
  tags: fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{0,10}$/), fc.stringMatching(/^[\w.:/=+@ -]{0,10}$/), {
    maxKeys: 3,
  }),
};
const required = ["name", "vpcId", "subnetId", "clientSecurityGroupIds"] as const;
const persistent = fc.record(
  {
    ...shared,
    ...optional,
    durability: fc.constant("persistent" as const),
    throughputPerTib: fc.constantFrom(125, 250, 500, 1000),
    kmsKeyArn: fc.uuid().map((key) => `arn:aws:kms:us-east-1:111122223333:key/${key}`),
    buckets: fc.dictionary(fc.stringMatching(/^[A-Za-z0-9][\w-]{0,20}$/), link, { maxKeys: 8 }),
  },
  { requiredKeys: [...required] },
);
const scratch = fc.record(
  { ...shared, ...optional, durability: fc.constant("scratch" as const) },
  { requiredKeys: [...required, "durability"] },
);
const valid = fc.oneof(persistent, scratch) as fc.Arbitrary<LustreFilesProps>;

const wrong: [path: string, ...values: unknown[]][] = [
  ["name", undefined, "", "-a", "a b", "x".repeat(101), 5],
  ["vpcId", undefined, "", 1],
  ["subnetId", undefined, "", ["subnet-a"]],
  ["clientSecurityGroupIds", undefined, {}, "sg-1"],
  ["storageGib", 0, 1199, 1300, 3600, 2400.5, "1200"],
  ["durability", "", "temporary", 1],
  ["throughputPerTib", 0, 200, "250"],
  ["compression", "LZ4", 1],
  ["kmsKeyArn", "", "alias/a", 5],
  ["preventDestroy", "yes", 1],
  ["backup", true],
];
const invalid: fc.Arbitrary<Wrong<LustreFilesProps>> = fc
  .record({
    props: valid,
    fault: fc.constantFrom(...wrong.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  })
  .map(({ props, fault: [path, value] }) => broken(props, path, value));

fuzz<LustreFilesProps>("test/files", { valid, invalid }, (scope, props) => new LustreFiles(scope, "files", props));
