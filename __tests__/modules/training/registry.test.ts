import { expect, it } from "vitest";
import { z } from "zod";
import { SingleTable } from "../../../modules/aws/dynamodb/single-table";
import { Registry, type RegistryProps, registrySettings } from "../../../modules/training/registry";
import { rejects } from "../../support/bad-input";
import { synth } from "../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TABLE = { tableName: "receipts", tableArn: "arn:aws:dynamodb:us-east-1:111122223333:table/receipts" };
const build = (use: (made: Registry) => void, some: Partial<RegistryProps> = {}) =>
  synth((stack) => use(new Registry(stack, "registry", { table: TABLE, ...some })));

it("keeps items two hours, and leases two minutes", () => {
  build(({ ttlHours, leaseSeconds, tableName, tableArn }) => {
    expect({ ttlHours, leaseSeconds, tableName, tableArn }).toEqual({ ttlHours: 2, leaseSeconds: 120, ...TABLE });
  });
});
it("may be in a table of the project's own", () => {
  synth((stack) => {
    const table = new SingleTable(stack, "table", { name: "dev-training", kmsKeyArn: KEY });
    const registry = new Registry(stack, "registry", { table });
    expect(registry.tableArn).toBe(table.tableArn);
    expect(registry.kmsKeyArn).toBe(KEY);
  });
});
it("lets workers use this table and its indexes, and nothing else", () => {
  build((made) => {
    expect(made.grantUse()).toEqual([
      {
        Sid: "Items",
        Action: [
          "dynamodb:BatchWriteItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:DeleteItem",
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
        ],
        Resource: TABLE.tableArn,
      },
      { Sid: "Find", Action: "dynamodb:Query", Resource: [TABLE.tableArn, `${TABLE.tableArn}/index/*`] },
    ]);
  });
  build(
    (made) => {
      expect(made.grantUse().at(-1)).toEqual({ Sid: "RegistryKey", Action: "kms:Decrypt", Resource: KEY });
    },
    { table: { ...TABLE, kmsKeyArn: KEY } },
  );
});
it("lets those who submit jobs remove nothing", () => {
  build((made) => {
    expect(made.grantSubmit()[0]?.Action).toEqual([
      "dynamodb:BatchWriteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
    ]);
  });
});
it.each([
  { ttlHours: 1 },
  { ttlHours: 168 },
  { leaseSeconds: 15 },
  { leaseSeconds: 3599, ttlHours: 1 },
  { leaseSeconds: 3600 },
])("takes %j", (some) => {
  build((made) => expect(made).toMatchObject(some), some);
});
it("checks a user's settings without the table", () => {
  const check = (value: object) => z.object({ registry: registrySettings }).safeParse({ registry: value });
  expect(check({ ttlHours: 3 }).success).toBe(true);
  expect(check({ table: TABLE }).error?.issues[0]?.path).toEqual(["registry", "table"]);
  expect(check({ leaseSeconds: 14 }).error?.issues[0]?.path).toEqual(["registry", "leaseSeconds"]);
});

rejects<unknown>(
  "test/registry",
  [
    ["table", { table: undefined }, "a SingleTable", "tableName, tableArn", "got nothing"],
    ["table", { table: { tableName: "a" } }, "a SingleTable"],
    ["table.kmsKeyArn", { table: { ...TABLE, kmsKeyArn: "alias/a" } }, "ARN of a KMS key", '"alias/a"'],
    ["ttlHours", { ttlHours: 0 }, "at least 1", "got 0"],
    ["ttlHours", { ttlHours: 169 }, "at most 168", "got 169"],
    ["leaseSeconds", { leaseSeconds: 14 }, "at least 15", "got 14"],
    ["leaseSeconds", { leaseSeconds: 3601 }, "at most 3600", "got 3601"],
    ["leaseSeconds", { leaseSeconds: 3600, ttlHours: 1 }, "less than ttlHours (1)", "got 3600"],
    ["region", { region: "us-east-1" }, "unknown key"],
  ],
  (stack, props) => new Registry(stack, "registry", { table: TABLE, ...(props as object) }),
);
