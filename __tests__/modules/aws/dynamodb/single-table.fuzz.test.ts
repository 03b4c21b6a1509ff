import fc from "fast-check";
import { SingleTable, type SingleTableProps } from "../../../../modules/aws/dynamodb/single-table";
import { broken, fuzz } from "../../../support/fuzz";

const ROLE = "arn:aws:iam::444455556666:role/Reader";
const units = fc.integer({ min: 1, max: 40_000 });
const limit = fc.oneof(units, fc.constant("none" as const));
const valid: fc.Arbitrary<SingleTableProps> = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z0-9_.-]{3,255}$/),
    indexes: fc.integer({ min: 0, max: 19 }),
    typeIndex: fc.boolean(),
    capacity: fc.oneof(
      fc.record(
        { mode: fc.constant("on-demand" as const), maxReadUnits: limit, maxWriteUnits: limit },
        { requiredKeys: ["mode"] },
      ),
      fc.record({ mode: fc.constant("provisioned" as const), readUnits: units, writeUnits: units }),
    ),
    tableClass: fc.constantFrom("standard" as const, "infrequent" as const),
    ttlAttribute: fc.oneof(fc.constant(false as const), fc.stringMatching(/^[A-Za-z]{1,30}$/)),
    stream: fc.constantFrom(false, "keys", "new", "old", "new-and-old"),
    recoveryDays: fc.oneof(fc.constant(false as const), fc.integer({ min: 1, max: 35 })),
    kmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:us-east-1:111122223333:key/${id}`),
    deletionProtection: fc.boolean(),
    access: fc.constantFrom([], [{ Sid: "Read", Action: "dynamodb:GetItem", principalArns: [ROLE] }]),
    tags: fc.dictionary(fc.stringMatching(/^t[a-z0-9]{1,20}$/), fc.stringMatching(/^[a-z0-9]{0,20}$/), { maxKeys: 4 }),
  },
  { requiredKeys: ["name"] },
) as fc.Arbitrary<SingleTableProps>;
const BREAKS: [path: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "ab", "a b c", "x".repeat(256)],
  ["indexes", -1, 21, 1.5, "4", null],
  ["typeIndex", 1, null],
  ["capacity", "on-demand", null],
  ["capacity.mode", "auto", null, undefined],
  ["tableClass", "cold", null],
  ["ttlAttribute", true, "", null],
  ["stream", true, "all", null],
  ["recoveryDays", true, 0, 36, null],
  ["kmsKeyArn", "", "alias/a", null],
  ["deletionProtection", "yes", null],
  ["access", {}, null],
  ["tags", "a", null],
  ["replicas", []],
];
const invalid = fc
  .tuple(
    valid,
    fc.constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  )
  .map(([props, [path, value]]) => broken(props, path, value));

fuzz("test/table", { valid, invalid }, (stack, props) => new SingleTable(stack, "table", props));
