import { describe, expect, it } from "vitest";
import { databaseNameSchema, usernameSchema } from "../../../../modules/aws/rds/postgres-names";

const faultsOf = (schema: typeof usernameSchema, name: unknown) =>
  (schema.safeParse(name).error?.issues ?? []).map(({ message }) => message).join("; ");

describe.each([
  ["database", databaseNameSchema],
  ["user", usernameSchema],
])("name of a %s", (_, schema) => {
  it.each(["a", "repo_1", "x".repeat(63), "users", "selected"])("may be %s", (name) => {
    expect(schema.parse(name)).toBe(name);
  });
  it.each(["", "1a", "_a", "a-b", "Repo", "a b", "é", "a$"])("may not be written %j", (name) => {
    expect(faultsOf(schema, name)).toContain("must be lower-case letters, digits and underscores, a letter first");
  });
  it("may not have 64 characters", () => {
    expect(schema.safeParse("x".repeat(64)).success).toBe(false);
  });
  it.each(["user", "select", "table", "all", "with", "analyse", "left", "current_schema", "verbose"])(
    "may not be the reserved word %s",
    (name) => {
      expect(faultsOf(schema, name)).toContain("must not be a word that PostgreSQL reserves");
    },
  );
  it("may not begin with pg_", () => {
    expect(faultsOf(schema, "pg_repo")).toContain("pg_");
    expect(schema.parse("pgrepo")).toBe("pgrepo");
  });
});

it.each(["postgres", "template0", "template1", "rdsadmin"])(
  "a database may not be %s, which exists already",
  (name) => {
    expect(faultsOf(databaseNameSchema, name)).toContain("which RDS creates itself");
  },
);
it.each([
  "admin",
  "public",
  "none",
  "rdsadmin",
  "rdsrepladmin",
  "rdsproxyadmin",
  "rdstopmgr",
  "rds_superuser",
  "rds_iam",
])("a user may not be %s, which RDS keeps", (name) => {
  expect(faultsOf(usernameSchema, name)).toContain("another user of RDS");
});
it.each(["postgres", "administrator", "rds", "exafunction"])("a user may be %s", (name) => {
  expect(usernameSchema.parse(name)).toBe(name);
});
