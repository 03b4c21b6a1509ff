import fc from "fast-check";
import { SharedFiles, type SharedFilesProps } from "../../../../modules/aws/storage/shared-files";
import { fuzz, type Wrong } from "../../../support/fuzz";

const noun = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{8,17}$/).map((hex) => `${prefix}-${hex}`);
const role = noun.map((name) => `arn:aws:iam::111122223333:role/${name}`);
const kmsKeyArn = fc.uuid().map((key) => `arn:aws:kms:us-east-1:111122223333:key/${key}`);

const valid: fc.Arbitrary<SharedFilesProps> = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,99}$/),
    vpcId: id("vpc"),
    subnetIds: fc.uniqueArray(id("subnet"), { minLength: 1, maxLength: 6 }),
    clientSecurityGroupIds: fc.dictionary(noun, id("sg"), { minKeys: 1, maxKeys: 4 }),
    clientRoleArns: fc.uniqueArray(role, { maxLength: 3 }),
    preventDestroy: fc.boolean(),
    tags: fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{0,10}$/), fc.stringMatching(/^[\w.:/=+@ -]{0,10}$/), {
      maxKeys: 3,
    }),
    kmsKeyArn,
    throughputMode: fc.constantFrom("elastic", "bursting"),
    infrequentAccessDays: fc.constantFrom(1, 7, 14, 30, 60, 90, 180, 270, 365),
    backup: fc.boolean(),
    userId: fc.integer({ min: 1, max: 65535 }),
  },
  { requiredKeys: ["name", "vpcId", "subnetIds", "clientSecurityGroupIds"] },
);

const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } }));
const breaks = fc.oneof(
  bad("name", undefined, "", "-a", "a b", "é", "x".repeat(101), 5),
  bad("vpcId", undefined, "", 1, null),
  bad("subnetIds", undefined, [], ["a", "a"], "subnet-a", {}),
  bad("clientSecurityGroupIds", undefined, {}, [], "sg-1"),
  bad("clientRoleArns", "arn", {}, [`arn:aws:iam::111122223333:role/a`, `arn:aws:iam::111122223333:role/a`]),
  fc.constantFrom("role/a", "arn:aws:iam::1:role/a", "").map((arn) => ({
    key: "clientRoleArns[0]",
    set: { clientRoleArns: [arn] },
  })),
  bad("preventDestroy", "yes", 0, null),
  bad("kmsKeyArn", "", "alias/a", 5),
  bad("throughputMode", "provisioned", "", 1),
  bad("infrequentAccessDays", 0, 2, 366, "30", Number.NaN),
  bad("backup", "daily", 1, null),
  bad("userId", 0, -1, 65536, 1.5, "1000", Number.NaN),
  bad("encrypted", false, true),
);
const invalid: fc.Arbitrary<Wrong<SharedFilesProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as SharedFilesProps }));

fuzz("test/files", { valid, invalid }, (stack, props) => new SharedFiles(stack, "files", props));
