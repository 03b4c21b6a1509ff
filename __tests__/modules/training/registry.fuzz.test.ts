import fc from "fast-check";
import { Registry, type RegistryProps } from "../../../modules/training/registry";
import { broken, fuzz } from "../../support/fuzz";

const valid: fc.Arbitrary<RegistryProps> = fc.record(
  {
    table: fc.stringMatching(/^[A-Za-z0-9_.-]{3,50}$/).map((tableName) => ({
      tableName,
      tableArn: `arn:aws:dynamodb:us-east-1:111122223333:table/${tableName}`,
    })),
    ttlHours: fc.integer({ min: 2, max: 168 }),
    leaseSeconds: fc.integer({ min: 15, max: 3600 }),
  },
  { requiredKeys: ["table"] },
);
const BREAKS: [path: string, ...values: unknown[]][] = [
  ["table", undefined, null, "table", {}],
  ["table.kmsKeyArn", "", "alias/a", null],
  ["ttlHours", 0, 169, 1.5, "2", null],
  ["leaseSeconds", 14, 3601, 15.5, "60", null],
  ["name", "dev"],
];
const invalid = fc
  .tuple(
    valid,
    fc.constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  )
  .map(([props, [path, value]]) => broken(props, path, value));

fuzz("test/registry", { valid, invalid }, (stack, props) => new Registry(stack, "registry", props));
